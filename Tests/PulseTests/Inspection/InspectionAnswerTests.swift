import RabbitMQ
import Testing

@testable import Pulse

@Suite struct InspectionAnswerTests {
  func answer(_ text: String) -> InspectionAnswer {
    InspectionAnswer(asked: "it", queue: "queue/u/jobs", body: Array(text.utf8))
  }

  /// As RabbitMQ 3.10 answers.
  static let bindings = """
    [{"source":"","vhost":"/","destination":"queue/u/jobs","destination_type":"queue","routing_key":"queue/u/jobs",\
    "arguments":{},"properties_key":"queue%2Fu%2Fjobs"},\
    {"source":"exchange/v/jobs","vhost":"/","destination":"queue/u/jobs","destination_type":"queue",\
    "routing_key":"d.#","arguments":{},"properties_key":"d.%23"},\
    {"source":"exchange/v/jobs","vhost":"/","destination":"queue/u/jobs","destination_type":"queue",\
    "routing_key":"d.#","arguments":{"x":1},"properties_key":"d.%23~abc"}]
    """
  static let expected = [Binding(queue: "queue/u/jobs", exchange: "exchange/v/jobs", routingKey: "d.#")]

  @Test func bindingsAreReadButTheDefaultExchangesAndThoseWithArguments() throws {
    #expect(try answer(Self.bindings).managementBindings() == Self.expected)
    #expect(
      try answer(#"{"queue_name":"queue/u/jobs","bindings":\#(Self.bindings)}"#).guardianBindings() == Self.expected)
  }

  @Test func aQueueWithoutBindingsHasNone() throws {
    let own = #"{"source": "", "routing_key": "queue/u/jobs"}"#
    #expect(try answer("[\(own)]").managementBindings() == [])
    #expect(try answer(#"{"queue_name":"queue/u/jobs","bindings":[\#(own)]}"#).guardianBindings() == [])
  }

  @Test(arguments: ["[]", #"{"queue_name":"queue/u/jobs","bindings":[]}"#, #"{"bindings":[]}"#])
  func anEmptyListStandsForAQueueThatIsNotKnown(_ text: String) {
    let error = #expect(throws: InspectionError.self) { try answer(text).guardianBindings() }
    #expect(error?.code == .unknownQueue)
    let management = #expect(throws: InspectionError.self) { try answer("[]").managementBindings() }
    #expect(management?.code == .unknownQueue)
  }

  static let binding = #"{"source": "exchange/v/jobs", "routing_key": "d.#"}"#

  @Test(arguments: [
    "", "garbage", "<html></html>", "[", "7", "null", #"{"error": "not_authorised"}"#, "[7]", "[null]", "[{}]",
    #"[{"source": 1, "routing_key": "d"}]"#, #"[{"source": "exchange/v/jobs"}]"#,
    #"[{"source": "exchange/v/jobs", "routing_key": null}]"#,
    #"[{"source": "exchange/v/jobs", "routing_key": "d", "destination": "queue/u/other"}]"#,
    String(repeating: "[", count: 100_000),
  ])
  func whatIsNoListOfBindingsIsUnreadable(_ text: String) {
    let management = #expect(throws: InspectionError.self) { try answer(text).managementBindings() }
    let guardian = #expect(throws: InspectionError.self) { try answer(text).guardianBindings() }
    let wrapped = #expect(throws: InspectionError.self) {
      try answer(#"{"queue_name": "queue/u/jobs", "bindings": \#(text)}"#).guardianBindings()
    }
    for error in [management, guardian, wrapped] {
      #expect(error?.code == .unreadable)
      #expect(error?.description.hasPrefix("it: the answer is not understood: ") == true)
    }
  }

  @Test func anAnswerAboutAnotherQueueIsNotTaken() {
    for name in [#""queue/u/other""#, "7"] {
      let error = #expect(throws: InspectionError.self) {
        try answer(#"{"queue_name": \#(name), "bindings": [\#(Self.binding)]}"#).guardianBindings()
      }
      #expect(error?.code == .unreadable)
    }
  }

  @Test func messagesAreCounted() throws {
    #expect(try answer(#"{"messages": 2104, "messages_ready": 4}"#).messageCount() == 2104)
    #expect(try answer(#"{"name": "queue/u/jobs"}"#).messageCount() == nil, "not counted yet")
    for text in ["[]", #"{"messages": -1}"#, #"{"messages": "7"}"#, #"{"messages": null}"#, "x"] {
      #expect(throws: InspectionError.self) { try answer(text).messageCount() }
    }
  }
}
