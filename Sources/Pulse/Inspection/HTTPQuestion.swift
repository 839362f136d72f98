import Foundation
import FoundationNetworking
import RabbitMQ
import Synchronization

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
    guard let url = URL(string: address) else { throw InspectionError(.unreachable, "\(asked): the address is no URL") }
    var request = URLRequest(url: url)
    request.setValue("application/json", forHTTPHeaderField: "Accept")
    request.setValue("drover", forHTTPHeaderField: "User-Agent")
    if let credentials {
      let token = Data("\(credentials.user):\(credentials.password)".utf8).base64EncodedString()
      request.setValue("Basic \(token)", forHTTPHeaderField: "Authorization")
    }
    let exchange = HTTPExchange(asked: asked, timeLimit: timeLimit)
    // A session of its own for each question: those are rare, and nothing stays open or is remembered between them.
    let session = URLSession(configuration: configuration, delegate: exchange, delegateQueue: nil)
    // Ends the transfer too where the limits below gave it up.
    defer { session.invalidateAndCancel() }
    let timer = Task {
      do { try await Task.sleep(for: timeLimit) } catch { return }
      exchange.settle(.failure(HTTPExchange.late(asked, timeLimit)))
    }
    defer { timer.cancel() }
    let task = session.dataTask(with: request)
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        exchange.report(to: continuation)
        task.resume()
      }
    } onCancel: {
      exchange.settle(.failure(CancellationError()))
    }
  }

  private var configuration: URLSessionConfiguration {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.urlCache = nil
    configuration.urlCredentialStorage = nil
    configuration.httpCookieStorage = nil
    configuration.httpShouldSetCookies = false
    configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
    // This one begins anew with every byte that comes, and knows whole seconds only: the timer above is quicker.
    configuration.timeoutIntervalForRequest = timeLimit / .seconds(1) + 2
    return configuration
  }
}

/// What comes back for one question; the first outcome counts.
private final class HTTPExchange: NSObject, URLSessionDataDelegate, Sendable {
  private typealias Outcome = Result<HTTPAnswer, any Error>

  private struct State {
    var body: [UInt8] = []
    var continuation: CheckedContinuation<HTTPAnswer, any Error>?
    var outcome: Outcome?
  }

  private let state = Mutex(State())
  private let asked: String
  private let timeLimit: Duration

  init(asked: String, timeLimit: Duration) {
    self.asked = asked
    self.timeLimit = timeLimit
  }

  static func late(_ asked: String, _ timeLimit: Duration) -> InspectionError {
    InspectionError(.timedOut, "\(asked): no whole answer within \(timeLimit)")
  }

  /// Resumes `continuation` with the outcome, at once where there is one.
  func report(to continuation: CheckedContinuation<HTTPAnswer, any Error>) {
    let outcome = state.withLock { state in
      if state.outcome == nil { state.continuation = continuation }
      return state.outcome
    }
    if let outcome { continuation.resume(with: outcome) }
  }

  /// Takes an outcome; later ones are of no interest.
  func settle(_ outcome: Result<HTTPAnswer, any Error>) {
    let continuation = state.withLock { state -> CheckedContinuation<HTTPAnswer, any Error>? in
      guard state.outcome == nil else { return nil }
      state.outcome = outcome
      state.body = []
      defer { state.continuation = nil }
      return state.continuation
    }
    continuation?.resume(with: outcome)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    let isTooLong = state.withLock { state in
      guard state.outcome == nil else { return false }
      state.body += data
      return state.body.count > HTTPQuestion.maximumBytes
    }
    guard isTooLong else { return }
    settle(
      .failure(InspectionError(.unreadable, "\(asked): the answer has more than \(HTTPQuestion.maximumBytes) bytes")))
  }

  // No redirection is followed: the credentials are for the address that was given.
  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
  ) {
    settle(.success(HTTPAnswer(status: response.statusCode, body: [])))
    completionHandler(nil)
  }

  // The credentials went out with the request; without this an answer that asks for better ones never comes to an end.
  func urlSession(
    _ session: URLSession, task: URLSessionTask, didReceive challenge: URLAuthenticationChallenge,
    completionHandler: @escaping @Sendable (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
  ) {
    guard let response = challenge.failureResponse as? HTTPURLResponse else {
      completionHandler(.performDefaultHandling, nil)
      return
    }
    settle(.success(HTTPAnswer(status: response.statusCode, body: [])))
    completionHandler(.cancelAuthenticationChallenge, nil)
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    if let error {
      let isLate = (error as? URLError)?.code == .timedOut
      settle(
        .failure(
          isLate
            ? Self.late(asked, timeLimit) : InspectionError(.unreachable, "\(asked): \(error.localizedDescription)")))
    } else if let response = task.response as? HTTPURLResponse {
      let body = state.withLock { $0.body }
      settle(.success(HTTPAnswer(status: response.statusCode, body: body)))
    } else {
      settle(.failure(InspectionError(.unreadable, "\(asked): the answer is not HTTP")))
    }
  }
}
