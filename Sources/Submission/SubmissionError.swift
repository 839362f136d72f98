/// Why something was not submitted.
///
/// The description is one line that a person can act on; it holds no secret, no signature and no body.
public struct SubmissionError: Error, Sendable, CustomStringConvertible {
  /// The kinds of failure; more may come.
  public struct Code: Sendable, Hashable, CustomStringConvertible {
    private let name: String
    private init(_ name: String) { self.name = name }

    /// A text that is no JSON.
    public static let invalidJSON = Code("invalidJSON")
    /// What was to be submitted lacks something, or something in it is too long; ``SubmissionError/problems`` has all.
    public static let invalidSubmission = Code("invalidSubmission")
    /// The server's URL, the project's name or the credentials cannot be used; nothing was sent.
    public static let invalidConfiguration = Code("invalidConfiguration")
    /// The server cannot read the submission (400); the message is the server's.
    public static let refused = Code("refused")
    /// The server does not accept the credentials or the signature (401).
    public static let unauthorized = Code("unauthorized")
    /// The credentials are not for this project (403).
    public static let forbidden = Code("forbidden")
    /// The server knows no such project (404).
    public static let unknownProject = Code("unknownProject")
    /// The server does not speak this version of the interface (406).
    public static let unsupportedVersion = Code("unsupportedVersion")
    /// The server does not take so much at once (413).
    public static let tooLarge = Code("tooLarge")
    /// The server asks to come less often (429).
    public static let tooManyRequests = Code("tooManyRequests")
    /// The server failed (5xx).
    public static let serverFailed = Code("serverFailed")
    /// A status that is none of these, for example a redirection, which a signature could not follow.
    public static let unexpectedAnswer = Code("unexpectedAnswer")
    /// The answer is not signed as one of this server has to be: it was stored, or somebody else answered.
    public static let untrustedAnswer = Code("untrustedAnswer")
    /// No connection came about: no such host, nobody there, or no TLS.
    public static let unreachable = Code("unreachable")
    /// The connection broke before the answer was there.
    public static let connectionLost = Code("connectionLost")
    /// A connection or an answer did not come in time.
    public static let timedOut = Code("timedOut")
    /// The client has been shut down.
    public static let closed = Code("closed")
    /// The task that waited was cancelled.
    public static let cancelled = Code("cancelled")

    /// The code's name.
    public var description: String { name }
  }

  /// The kind of failure.
  public let code: Code
  /// What happened, in one line.
  public let message: String
  /// The status of the answer, where there was one.
  public let status: Int?
  /// What is wrong with the submission, for ``Code/invalidSubmission``; otherwise empty.
  public let problems: [SubmissionProblem]
  /// The error that led to this one, if any.
  public let underlying: (any Error)?
  /// Whether the same call may succeed later, with nothing changed but the state of the network or the server.
  public let isRetriable: Bool

  /// An error of the kind `code`.
  public init(
    _ code: Code, _ message: String, status: Int? = nil, problems: [SubmissionProblem] = [],
    underlying: (any Error)? = nil, isRetriable: Bool = false
  ) {
    self.code = code
    self.message = message
    self.status = status
    self.problems = problems
    self.underlying = underlying
    self.isRetriable = isRetriable
  }

  /// The message.
  public var description: String { message }
}
