import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import RabbitMQ

/// A status and a body, as a server sent them.
struct HTTPAnswer: Sendable {
  let status: Int
  let body: [UInt8]
}

/// One GET whose time and answer are bounded.
struct HTTPQuestion: Sendable {
  /// What an answer may have at most: a queue with ten thousand bindings takes less.
  static let maximumBytes = 4 << 20

  let address: String
  let credentials: Endpoint.Credentials?
  let timeLimit: Duration
  /// How errors call who is asked.
  let asked: String

  /// - Throws: ``InspectionError``; `CancellationError`.
  func ask() async throws -> HTTPAnswer {
    // A client of its own for each question: those are rare, and nothing stays open or is remembered between them.
    let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: Self.configuration(timeLimit))
    let result: Result<HTTPAnswer, any Error>
    do {
      result = .success(try await answer(from: client))
    } catch {
      result = .failure(error)
    }
    // A connection that does not close cleanly is closed all the same.
    try? await client.shutdown()
    try Task.checkCancellation()
    return try result.mapError(told).get()
  }

  private static func configuration(_ timeLimit: Duration) -> HTTPClient.Configuration {
    var configuration = HTTPClient.Configuration(
      // The credentials are for the address that was given.
      redirectConfiguration: .disallow,
      timeout: .init(connect: TimeAmount(timeLimit)))
    configuration.httpVersion = .http1Only
    // Otherwise a refused connection would be tried in silence until the time is over.
    configuration.connectionPool.retryConnectionEstablishment = false
    return configuration
  }

  private var request: HTTPClientRequest {
    var request = HTTPClientRequest(url: address)
    request.headers.add(name: "Accept", value: "application/json")
    request.headers.add(name: "User-Agent", value: "drover")
    if let credentials {
      let token = Data("\(credentials.user):\(credentials.password)".utf8).base64EncodedString()
      request.headers.add(name: "Authorization", value: "Basic \(token)")
    }
    return request
  }

  /// The client's own deadline leaves the body out; this one ends an answer that never does.
  private func answer(from client: HTTPClient) async throws -> HTTPAnswer {
    try await withThrowingTaskGroup(of: HTTPAnswer?.self) { [request, timeLimit] group in
      group.addTask {
        let response = try await client.execute(request, deadline: .distantFuture)
        let body = try await response.body.collect(upTo: Self.maximumBytes)
        return HTTPAnswer(status: Int(response.status.code), body: Array(body.readableBytesView))
      }
      group.addTask {
        try await Task.sleep(for: timeLimit)
        return nil
      }
      defer { group.cancelAll() }
      guard let first = try await group.next(), let answer = first else { throw HTTPClientError.deadlineExceeded }
      return answer
    }
  }

  /// What the client throws, in our terms; nothing of the request is in it.
  private func told(_ error: any Error) -> any Error {
    switch error {
    case is CancellationError: return error
    case is NIOTooManyBytesError:
      return InspectionError(.unreadable, "\(asked): the answer has more than \(Self.maximumBytes) bytes")
    case let failure as HTTPClientError:
      switch failure {
      case .deadlineExceeded, .connectTimeout, .readTimeout:
        return InspectionError(.timedOut, "\(asked): no whole answer within \(timeLimit)")
      case .invalidURL, .emptyHost, .emptyScheme:
        return InspectionError(.unreachable, "\(asked): the address is no URL")
      default: return InspectionError(.unreachable, "\(asked): \(failure.shortDescription)")
      }
    case let failure as NIOConnectionError:
      let causes = failure.connectionErrors.map { Self.reason($0.error) }
      return InspectionError(.unreachable, "\(asked): \(causes.first ?? "there is no such host")")
    default: return InspectionError(.unreachable, "\(asked): \(Self.reason(error))")
    }
  }

  private static func reason(_ error: any Error) -> String {
    guard let error = error as? IOError else { return "\(error)" }
    return String(cString: strerror(error.errnoCode))
  }
}
