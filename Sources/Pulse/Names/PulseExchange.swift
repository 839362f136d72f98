/// The name of an exchange on Pulse: `exchange/<user>/<name>`.
enum PulseExchange {
  /// - Throws: ``PulseError`` with code `invalidName`.
  static func check(_ name: String) throws(PulseError) {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count >= 3, parts[0] == "exchange", parts.allSatisfy({ !$0.isEmpty }),
      (try? PulseUser(String(parts[1]))) != nil
    else {
      throw PulseError(
        .invalidName, "\"\(name.prefix(80))\" is no exchange of Pulse: exchange/<user>/<name> is asked")
    }
    guard name.utf8.count <= 255 else {
      throw PulseError(
        .invalidName, "the exchange's name has \(name.utf8.count) bytes, at most 255 are allowed")
    }
  }
}
