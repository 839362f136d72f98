import Pulse
import RabbitMQ
import Testing

@Suite struct BindingPlanTests {
  func entries(_ text: String) throws -> [ExchangeList.Entry] {
    try ExchangeList(json: Array(text.utf8), file: "test").entries
  }

  @Test func whatTheConfigurationAsksForIsBoundOnce() throws {
    let plan = BindingPlan(
      queue: "q",
      entries: try entries(
        #"[{"exchange": "exchange/u/a", "destinations": ["d", "d"], "projects": ["p", "r"]}]"#), existing: [])
    #expect(
      plan.wanted == [
        Binding(queue: "q", exchange: "exchange/u/a", routingKey: "d.p"),
        Binding(queue: "q", exchange: "exchange/u/a", routingKey: "d.r"),
      ])
    #expect(plan.obsolete.isEmpty && plan.missing == plan.wanted)
  }

  @Test func whatTheConfigurationNoLongerHasIsObsolete() throws {
    let existing = ["d.p", "d.old", "c.old"].map { Binding(queue: "q", exchange: "exchange/u/a", routingKey: $0) }
    let plan = BindingPlan(
      queue: "q",
      entries: try entries(#"[{"exchange": "exchange/u/a", "destinations": ["d"], "projects": ["p"]}]"#),
      existing: existing)
    #expect(plan.obsolete.map(\.routingKey) == ["c.old", "d.old"])
    #expect(plan.missing.isEmpty)
  }
}
