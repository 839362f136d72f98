import Pulse
import Testing

@Suite struct NameTests {
  @Test(arguments: ["a", "Worker", "my-pulse_user.2", "z9"])
  func usersThatPulseAllowsAreTaken(_ name: String) throws {
    #expect(try PulseUser(name).name == name)
  }

  @Test(arguments: ["", "9a", "-a", ".a", "a/b", "a b", "ä", "a\u{0}"])
  func usersThatPulseDoesNotAllowAreRefused(_ name: String) {
    #expect(throws: PulseError.self) { try PulseUser(name) }
  }

  @Test func aUserOwnsWhatCarriesTheNameAndNothingElse() throws {
    let user = try PulseUser("worker")
    #expect(user.jobsExchange == "exchange/worker/v1/jobs")
    #expect(user.olderJobsExchange == "exchange/worker/jobs")
    #expect(user.owns(exchange: "exchange/worker/anything"))
    #expect(!user.owns(exchange: "exchange/worker2/v1/jobs"))
    #expect(!user.owns(exchange: "exchange/worker"))
    #expect(!user.owns(exchange: ""))
  }

  @Test func queuesLieUnderTheirOwnersPrefix() throws {
    let user = try PulseUser("worker")
    #expect(try user.queue("jobs") == "queue/worker/jobs")
    #expect(try user.queue("queue/worker/jobs") == "queue/worker/jobs")
    #expect(throws: PulseError.self) { try user.queue("queue/other/jobs") }
    #expect(throws: PulseError.self) { try user.queue("") }
    #expect(throws: PulseError.self) { try user.queue(String(repeating: "q", count: 255)) }
  }

  @Test func aRoutingKeyHas255BytesAtMost() throws {
    #expect(try RoutingKey(destination: "treeherder", project: "mozilla-inbound").text == "treeherder.mozilla-inbound")
    #expect(try RoutingKey(String(repeating: "k", count: 255)).text.count == 255)
    #expect(throws: PulseError.self) { try RoutingKey(String(repeating: "k", count: 256)) }
    for empty in ["", ".", "treeherder.", ".project", "treeherder..project"] {
      #expect(throws: PulseError.self) { try RoutingKey(empty) }
    }
    // 128 characters of two bytes each.
    #expect(throws: PulseError.self) { try RoutingKey(String(repeating: "é", count: 128)) }
  }
}
