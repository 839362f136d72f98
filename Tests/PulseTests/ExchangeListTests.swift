import Pulse
import Testing

@Suite struct ExchangeListTests {
  func read(_ text: String) throws -> ExchangeList { try ExchangeList(json: Array(text.utf8), file: "exchanges.json") }

  @Test func everyDestinationMeetsEveryProject() throws {
    let list = try read(
      """
      [{"exchange": "exchange/u/v1/jobs", "destinations": ["a", "b"], "projects": ["x", "y._"]},
       {"exchange": "exchange/v/jobs", "destinations": ["a"], "projects": ["#"]}]
      """)
    #expect(list.entries.map(\.exchange) == ["exchange/u/v1/jobs", "exchange/v/jobs"])
    #expect(list.entries[0].routingKeys == ["a.x", "a.y._", "b.x", "b.y._"])
    #expect(list.entries[1].routingKeys == ["a.#"])
  }

  @Test(arguments: [
    (#"{"exchange": "exchange/u/jobs", "destinations": ["a"], "projects": ["x"], "colour": 1}"#, "colour"),
    (#"{"destinations": ["a"], "projects": ["x"]}"#, "exchange"),
    (#"{"exchange": "jobs", "destinations": ["a"], "projects": ["x"]}"#, "no exchange of Pulse"),
    (#"{"exchange": "exchange/9/jobs", "destinations": ["a"], "projects": ["x"]}"#, "no exchange of Pulse"),
    (#"{"exchange": "exchange/u/", "destinations": ["a"], "projects": ["x"]}"#, "no exchange of Pulse"),
    (#"{"exchange": "exchange/u/jobs", "destinations": [], "projects": ["x"]}"#, "destinations"),
    (#"{"exchange": "exchange/u/jobs", "destinations": ["a"], "projects": []}"#, "projects"),
    (#"{"exchange": "exchange/u/jobs", "destinations": ["a"], "projects": [1]}"#, "projects"),
    (#"{"exchange": "exchange/u/jobs", "destinations": ["a"], "projects": [""]}"#, "projects"),
    (#"{"exchange": "exchange/u/jobs", "destinations": "a", "projects": ["x"]}"#, "destinations"),
    (#"{"exchange": "exchange/w/jobs", "destinations": ["a"], "projects": ["x"]}"#, "listed before"),
    (#"7"#, "object"),
    (
      #"{"exchange": "exchange/u/jobs", "destinations": ["a"], "projects": ["\#(String(repeating: "p", count: 254))"]}"#,
      "256 bytes"
    ),
  ])
  func aWrongEntryIsNamedWithWhatIsWrong(_ entry: String, _ words: String) {
    let good = #"{"exchange": "exchange/w/jobs", "destinations": ["a"], "projects": ["x"]}"#
    let error = #expect(throws: PulseError.self) { try read("[\(good), \(entry)]") }
    #expect(error?.description.hasPrefix("exchanges.json: entry 2: ") == true, "\(error?.description ?? "")")
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test(arguments: ["", "{}", "[]", "[", #"[{"exchange": "exchange/u/jobs", "exchange": "exchange/u/jobs"}]"#])
  func aFileThatIsNoListIsRefused(_ text: String) {
    let error = #expect(throws: PulseError.self) { try read(text) }
    #expect(error?.code == .invalidConfiguration)
    #expect(error?.description.hasPrefix("exchanges.json: ") == true)
  }
}
