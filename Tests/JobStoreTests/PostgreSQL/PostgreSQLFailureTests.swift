import Testing

@testable import JobStore

@Suite struct PostgreSQLFailureTests {
  @Test(
    arguments: [
      ("40001", .runAgain), ("40P01", .runAgain), ("55P03", .runAgain), ("08006", .reconnect), ("57P01", .reconnect),
      ("57P02", .reconnect), ("57P03", .reconnect), ("53300", .reconnect), ("53100", .reconnect), ("28P01", .reconnect),
      ("25P03", .reconnect), ("23505", .none), ("42601", .none), ("25P02", .none), ("22001", .none),
    ] as [(String, PostgreSQLFailure.Remedy)])
  func theServersCodeDecides(_ state: String, _ remedy: PostgreSQLFailure.Remedy) {
    #expect(PostgreSQLFailure(state: state, reason: "why", isConnectionLost: false).remedy == remedy)
    #expect(PostgreSQLFailure(state: state, reason: "why", isConnectionLost: true).remedy == .reconnect)
  }

  @Test func theReasonIsOneLine() {
    let failure = PostgreSQLFailure(state: nil, reason: "gone\n\tIs the server running?\n", isConnectionLost: true)
    #expect(failure.description == "gone Is the server running?")
  }

  @Test func aWrongValueIsNotRepeated() {
    let failure = PostgreSQLFailure(
      state: "22P02", reason: #"invalid input syntax for type integer: "s3cret""#, isConnectionLost: false)
    #expect(failure.description == "a value is wrong for it (SQLSTATE 22P02)")
  }
}
