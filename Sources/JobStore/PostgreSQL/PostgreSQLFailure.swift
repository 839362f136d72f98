/// Why PostgreSQL, or libpq on the way to it, did not do what it was asked.
struct PostgreSQLFailure: Error, Sendable {
  /// What can be done about it.
  enum Remedy: Sendable {
    /// The connection is of no use any more, or the server cannot work for now.
    case reconnect
    /// The transaction was given up for another one's sake.
    case runAgain
    /// The statement does not fit the database or the data: nothing helps.
    case none
  }

  /// The server's code of five characters, nil where the server did not say anything.
  let state: String?
  /// What happened, in one line and without values of rows.
  let reason: String
  let remedy: Remedy

  /// - Parameter isConnectionLost: whether libpq has given the connection up.
  init(state: String?, reason: String, isConnectionLost: Bool) {
    self.state = state
    self.remedy = isConnectionLost ? .reconnect : state.map(Self.remedy) ?? .none
    // Data exceptions repeat the value that is wrong.
    if let state, state.hasPrefix("22") {
      self.reason = "a value is wrong for it"
    } else {
      self.reason = Self.oneLine(reason)
    }
  }

  /// The reason with the server's code, which is what manuals are searched for.
  var description: String { state.map { "\(reason) (SQLSTATE \($0))" } ?? reason }

  /// See appendix A of PostgreSQL's manual for the codes.
  private static func remedy(for state: String) -> Remedy {
    switch state {
    // Serialization failure, deadlock, lock not available.
    case "40001", "40P01", "55P03": return .runAgain
    // Ended by a time limit or an operator, who did not mean the statement; the server shuts down, starts or crashed; a
    // standby that was promoted or demoted; a session that was idle for too long.
    case "57014", "57P01", "57P02", "57P03", "57P04", "57P05", "25006", "25P03": return .reconnect
    // What was prepared is gone, for example by a pooler's `discard all`: a new connection prepares it anew.
    case "26000": return .reconnect
    default: break
    }
    // Connections, logging in, resources (no connections left, full disk, no memory), errors of the system.
    switch state.prefix(2) {
    case "08", "28", "53", "58": return .reconnect
    default: return .none
    }
  }

  private static func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
