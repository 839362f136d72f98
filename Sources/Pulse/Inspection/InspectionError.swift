/// Why a ``QueueInspector`` could not tell.
public struct InspectionError: Error, Sendable, CustomStringConvertible {
  /// The kinds of failure; more may come.
  public struct Code: Sendable, Hashable {
    private let name: String
    private init(_ name: String) { self.name = name }

    /// Nobody answers at the address.
    public static let unreachable = Code("unreachable")
    /// There was no whole answer in time.
    public static let timedOut = Code("timedOut")
    /// The answer is none: a status other than 200.
    public static let refused = Code("refused")
    /// The answer is not what was asked for, or too long.
    public static let unreadable = Code("unreadable")
    /// Whoever was asked does not know the queue, or not yet.
    public static let unknownQueue = Code("unknownQueue")
  }

  /// The kind of failure.
  public let code: Code
  /// Who was asked and what went wrong, in one line; never a password, and nothing of the answer.
  public let description: String

  /// An error of the kind `code`.
  public init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }

  /// Whether the same question may be answered later.
  public var isRetriable: Bool { code != .unreadable }
}
