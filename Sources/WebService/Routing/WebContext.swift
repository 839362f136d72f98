public import Hummingbird

/// What the server knows about a request while it is answered.
public struct WebContext: RequestContext {
  /// Hummingbird's own part: parameters of the path and the logger, which has the request's id.
  public var coreContext: CoreRequestContextStorage
  /// Names the request in logs and in the answer: the client's `X-Request-ID`, or one that was made for it.
  public var requestID: String

  /// The context of a request that has just come.
  public init(source: Source) {
    coreContext = .init(source: source)
    requestID = ""
  }
}
