import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// What the HTTP client throws, in our terms.
enum TransportFailure {
  /// - Parameter place: host and port.
  static func error(_ error: any Error, at place: String) -> SubmissionError {
    func made(_ code: SubmissionError.Code, _ text: String, isRetriable: Bool = true) -> SubmissionError {
      SubmissionError(code, "\(place): \(text)", underlying: error, isRetriable: isRetriable)
    }
    switch error {
    case let error as SubmissionError: return error
    case is CancellationError:
      return SubmissionError(.cancelled, "the submission was cancelled", underlying: error)
    case let failure as HTTPClientError:
      switch failure {
      case .cancelled: return SubmissionError(.cancelled, "the submission was cancelled", underlying: error)
      case .alreadyShutdown: return SubmissionError(.closed, "the client has been shut down", underlying: error)
      case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout:
        return made(.timedOut, "no connection came about in time")
      case .deadlineExceeded, .readTimeout, .writeTimeout: return made(.timedOut, "no answer came in time")
      case .remoteConnectionClosed, .uncleanShutdown:
        return made(.connectionLost, "the connection was closed before the answer was there")
      default: return made(.unexpectedAnswer, "\(failure.shortDescription)", isRetriable: false)
      }
    case HTTPParserError.invalidEOFState, ChannelError.inputClosed, ChannelError.outputClosed,
      ChannelError.ioOnClosedChannel, ChannelError.eof:
      return made(.connectionLost, "the connection was closed before the answer was there")
    case is HTTPParserError:
      return made(.unexpectedAnswer, "the answer is no HTTP", isRetriable: false)
    case is NIOTooManyBytesError:
      return made(.unexpectedAnswer, "the answer is too long", isRetriable: false)
    case let failure as NIOConnectionError:
      let causes = failure.connectionErrors.map { reason($0.error) }
      return made(.unreachable, causes.first ?? "there is no such host")
    case let failure as IOError:
      // What fails for an address and not for a name comes as it is.
      let isLost = [ECONNRESET, EPIPE, ECONNABORTED].contains(failure.errnoCode)
      return made(isLost ? .connectionLost : .unreachable, reason(failure))
    default:
      // TLS; what it throws tells its reason only in its text. It will not be another one in a minute.
      let text = "\(error)"
      let isCertificate = text.contains("CERTIFICATE_VERIFY_FAILED") || text.contains("failedToValidateHostname")
      return made(
        .unreachable, isCertificate ? "the server's certificate is not accepted" : "no TLS came about: \(text)",
        isRetriable: false)
    }
  }

  private static func reason(_ error: any Error) -> String {
    guard let error = error as? IOError else { return "\(error)" }
    return String(cString: strerror(error.errnoCode))
  }
}
