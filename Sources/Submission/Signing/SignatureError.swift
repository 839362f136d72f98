/// Why a request could not be signed, or why a signature is not accepted.
///
/// The description is one line for whoever sent it; it holds no secret and no MAC that was computed here.
public struct SignatureError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kinds of failure; more may come.
  public struct Code: Sendable, Hashable, CustomStringConvertible {
    private let name: String
    private init(_ name: String) { self.name = name }

    /// A URL or a `Host` field that a signature cannot be made for.
    public static let invalidAddress = Code("invalidAddress")
    /// An attribute cannot be sent as it is, for example because of a quotation mark in it.
    public static let invalidArgument = Code("invalidArgument")
    /// The field begins with another scheme than `Hawk`.
    public static let unknownScheme = Code("unknownScheme")
    /// The field or the query cannot be read.
    public static let malformed = Code("malformed")
    /// An attribute that Hawk does not have here.
    public static let unknownAttribute = Code("unknownAttribute")
    /// An attribute that is there more than once.
    public static let duplicateAttribute = Code("duplicateAttribute")
    /// A signature is not there, or one of its attributes is not.
    public static let missingAttribute = Code("missingAttribute")
    /// An attribute whose value is none of those that are allowed.
    public static let invalidAttribute = Code("invalidAttribute")
    /// The signature was made with another secret or for another request.
    public static let badMAC = Code("badMAC")
    /// The body or its type is not the one that was signed.
    public static let badHash = Code("badHash")
    /// The signature's time is too far from the receiver's; ``SignatureError/skew`` says how far.
    public static let stale = Code("stale")

    /// The code's name.
    public var description: String { name }
  }

  /// The kind of failure.
  public let code: Code
  /// What is wrong, in one line.
  public let description: String
  /// For ``Code/stale``: the signature's time less the receiver's, in seconds; negative for one that is too old.
  public let skew: Int64?

  /// An error of the kind `code`.
  public init(_ code: Code, _ description: String, skew: Int64? = nil) {
    self.code = code
    self.description = description
    self.skew = skew
  }

  static func missing(_ attribute: String) -> Self {
    Self(.missingAttribute, "the attribute \(attribute) is missing")
  }

  /// - Throws: ``Code/stale`` where `timestamp` and `now` are more than `limit` seconds apart.
  static func checkAge(of timestamp: Int64, now: Int64, limit: Int64) throws(SignatureError) {
    let (skew, isOverflow) = timestamp.subtractingReportingOverflow(now)
    guard isOverflow || skew.magnitude > limit.magnitude else { return }
    let place = skew > 0 ? "ahead of" : "behind"
    throw Self(
      .stale, "the time \(timestamp) is \(skew.magnitude) seconds \(place) ours; \(limit) are allowed", skew: skew)
  }
}
