/// What is wrong with a name or a configuration of Pulse's.
public struct PulseError: Error, Sendable, CustomStringConvertible {
  /// The kinds of failure; more may come.
  public struct Code: Sendable, Hashable {
    private let name: String
    private init(_ name: String) { self.name = name }

    /// A name that Pulse does not allow.
    public static let invalidName = Code("invalidName")
    /// `exchanges.json`, or an option, that cannot be used.
    public static let invalidConfiguration = Code("invalidConfiguration")
    /// An exchange that belongs to somebody else: Pulse lets its owner alone publish to it.
    public static let notOwner = Code("notOwner")
    /// An exchange that does not exist.
    public static let unknownExchange = Code("unknownExchange")
  }

  /// The kind of failure.
  public let code: Code
  /// What is wrong, where, in one line.
  public let description: String

  /// An error of the kind `code`.
  public init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
