/// Why a server cannot serve.
public struct WebServiceError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The line that a person reads.
  public let description: String

  static func noCertificate(_ reason: String) -> WebServiceError { WebServiceError(description: reason) }

  static func notListening(on address: ListenAddress, _ reason: String) -> WebServiceError {
    WebServiceError(description: "\(address) cannot be listened on: \(reason)")
  }
}
