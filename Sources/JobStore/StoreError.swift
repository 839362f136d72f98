/// What went wrong with the store.
public struct StoreError: Error, Sendable, CustomStringConvertible {
  /// The kinds of failure; more may come.
  public struct Code: Sendable, Hashable {
    private let name: String
    private init(_ name: String) { self.name = name }

    /// The store's URL cannot be used.
    public static let invalidURL = Code("invalidURL")
    /// The database cannot be opened, read or written.
    public static let unavailable = Code("unavailable")
    /// The database was written by a later version of the program.
    public static let newer = Code("newer")
    /// The database was reached and refused a statement: trying again does not help.
    public static let failed = Code("failed")
    /// What was to be stored is nothing that this database can hold.
    public static let unstorable = Code("unstorable")
  }

  /// The kind of failure.
  public let code: Code
  /// What happened, in one line.
  public let message: String
  /// The error that led to this one, if any.
  public let underlying: (any Error)?

  /// An error of the kind `code`.
  public init(_ code: Code, _ message: String, underlying: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.underlying = underlying
  }

  /// The message, with its cause where there is one.
  public var description: String { underlying.map { "\(message): \($0)" } ?? message }
}
