/// A user of Pulse: the owner of the exchanges and queues that carry the name.
public struct PulseUser: Sendable, Hashable, CustomStringConvertible {
  /// The name: a letter, then letters, digits, `.`, `_` and `-`.
  public let name: String

  /// - Throws: ``PulseError`` with code `invalidName`.
  public init(_ name: String) throws(PulseError) {
    guard let first = name.utf8.first, first.isLetter,
      name.utf8.allSatisfy({ $0.isLetter || $0.isDigit || [".", "_", "-"].contains(Unicode.Scalar($0)) })
    else {
      throw PulseError(
        .invalidName, "\"\(name)\" is no user of Pulse: a letter is asked, then letters, digits, dots, _ and -")
    }
    self.name = name
  }

  /// The user's name.
  public var description: String { name }

  /// The exchange that the user's jobs are published to.
  public var jobsExchange: String { "exchange/\(name)/v1/jobs" }

  /// The same as older producers call it, and Treeherder's `publish_to_pulse`.
  public var olderJobsExchange: String { "exchange/\(name)/jobs" }

  /// Whether the user may declare the exchange, and publish to it.
  public func owns(exchange: String) -> Bool { exchange.hasPrefix("exchange/\(name)/") }

  /// The full name of the user's queue `name`; a name that begins with `queue/` is taken for a full one.
  ///
  /// - Throws: ``PulseError`` with code `invalidName` where it is another user's, or too long.
  public func queue(_ name: String) throws(PulseError) -> String {
    let full = name.hasPrefix("queue/") ? name : "queue/\(self.name)/\(name)"
    guard full.hasPrefix("queue/\(self.name)/"), full.utf8.count > "queue/\(self.name)/".utf8.count else {
      throw PulseError(.invalidName, "the queue \(full) is not \(self.name)'s: queue/\(self.name)/<name> is asked")
    }
    guard full.utf8.count <= 255 else {
      throw PulseError(.invalidName, "the queue's name has \(full.utf8.count) bytes, at most 255 are allowed")
    }
    return full
  }
}

extension UInt8 {
  fileprivate var isLetter: Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self)
  }

  fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
