import AsyncHTTPClient
import Dispatch
import Foundation
public import Logging
import NIOCore
import NIOHTTP1

/// Submits result sets, jobs and artifacts to a server that speaks Treeherder's HTTP interface.
///
/// What fails for a passing reason is sent again after a pause; the server keeps a submission once, however often it comes.
/// Nothing that it throws or logs holds a secret, a signature or a body. End it with ``shutdown()``.
///
/// ```swift
/// let client = try SubmissionClient(
///   server: "https://treeherder.example.org",
///   credentials: .hawk(.init(id: "orchard-ci", secret: Secret(secret))))
/// var job = JobSubmission()
/// job.project = "orchard"
/// job.revision = "e6cd0b4484e7c93e9c2d8a1a4d5b3c6f7a8b9c0d"
/// job.guid = "f1d6b8a0"
/// try await client.post(JobCollection([job]), to: "orchard")
/// await client.shutdown()
/// ```
public actor SubmissionClient {
  /// Elements in a chunk unless something else is asked for: jobs with their logs and artifacts make a few megabytes then.
  public static let defaultChunkSize = 500

  private let server: String
  private let place: String
  private let credentials: SubmissionCredentials
  private let configuration: SubmissionConfiguration
  private let logger: Logger
  private let http: HTTPClient

  /// The server's clock less ours, in seconds, once it has told.
  private var clockOffset: Int64 = 0
  private(set) var isClosed = false
  private var underWay = 0
  private var idleWaiters: [CheckedContinuation<Void, Never>] = []
  private var pauses: [Int: Task<Void, any Error>] = [:]
  private var lastPause = 0

  /// A client of one server; it connects when it has something to send.
  ///
  /// - Parameters:
  ///   - server: the URL that `/api/` follows, `http` or `https`.
  ///   - credentials: how requests are signed.
  ///   - configuration: how patient it is.
  ///   - logger: where retries are told.
  /// - Throws: ``SubmissionError`` with code `invalidConfiguration`.
  public init(
    server: String, credentials: SubmissionCredentials = .none,
    configuration: SubmissionConfiguration = SubmissionConfiguration(), logger: Logger = Logger(label: "submission")
  ) throws(SubmissionError) {
    self.server = try SubmissionRequest.checked(server: server)
    // It is one, or this had thrown.
    place = (try? RequestAddress(method: "POST", url: self.server)).map { $0.authority } ?? self.server
    self.credentials = credentials
    self.configuration = configuration
    self.logger = logger
    var settings = HTTPClient.Configuration(
      // A signature holds for one address.
      redirectConfiguration: .disallow,
      timeout: .init(connect: TimeAmount(configuration.connectTimeout)))
    settings.httpVersion = .http1Only
    // Otherwise a refused connection would be tried in silence until the time is over.
    settings.connectionPool.retryConnectionEstablishment = false
    http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
  }

  deinit {
    // Without an end it would end the process.
    if !isClosed { http.shutdown(queue: .global()) { _ in } }
  }

  /// Submits a collection in one request.
  ///
  /// - Parameter project: the project's name.
  /// - Returns: what the server says.
  /// - Throws: ``SubmissionError``: what is wrong with the collection, nothing sent; or how the last attempt failed.
  @discardableResult
  public func post<Element>(
    _ collection: SubmissionCollection<Element>, to project: String
  ) async throws(SubmissionError) -> SubmissionAnswer {
    try SubmissionRequest.checked(project: project)
    guard !collection.elements.isEmpty else {
      throw SubmissionError(.invalidSubmission, "there is nothing to submit")
    }
    try collection.validate()
    guard !isClosed else { throw SubmissionError(.closed, "the client has been shut down") }
    underWay += 1
    defer { end() }
    return try await send(
      SubmissionRequest(
        server: server, project: project, endpoint: Element.endpoint, body: collection.toJSON(),
        credentials: credentials))
  }

  /// Submits a collection in chunks, one after another.
  ///
  /// A chunk that the server refuses (400, 413), or that is not valid, does not keep the others back; any other failure
  /// would be theirs too and ends it.
  ///
  /// - Parameters:
  ///   - project: the project's name.
  ///   - chunkSize: elements in a request at most, at least 1.
  ///   - progress: is told of every chunk when it is done.
  /// - Returns: what became of each chunk that was sent.
  public func submit<Element>(
    _ collection: SubmissionCollection<Element>, to project: String, chunkSize: Int = defaultChunkSize,
    progress: (@Sendable (SubmissionReport.Chunk) -> Void)? = nil
  ) async -> SubmissionReport {
    var report = SubmissionReport()
    var start = 0
    for chunk in collection.chunks(of: chunkSize) {
      let result: Result<SubmissionAnswer, SubmissionError>
      do throws(SubmissionError) {
        result = .success(try await post(chunk, to: project))
      } catch {
        result = .failure(error)
      }
      let done = SubmissionReport.Chunk(elements: start..<start + chunk.elements.count, result: result)
      start = done.elements.upperBound
      report.chunks.append(done)
      progress?(done)
      if case .failure(let error) = result, !error.concernsOneSubmission { break }
    }
    return report
  }

  /// Ends the client: what is on its way is waited for, pauses before another attempt end at once with what led to them,
  /// and nothing more is taken. Calling it again does the same.
  public func shutdown() async {
    let isFirst = !isClosed
    isClosed = true
    for pause in pauses.values { pause.cancel() }
    if underWay > 0 { await withCheckedContinuation { idleWaiters.append($0) } }
    // Connections that do not close cleanly are closed all the same.
    if isFirst { try? await http.shutdown() }
  }

  private func end() {
    underWay -= 1
    guard underWay == 0 else { return }
    for waiter in idleWaiters { waiter.resume() }
    idleWaiters = []
  }
}

extension SubmissionClient {
  private func send(_ request: SubmissionRequest) async throws(SubmissionError) -> SubmissionAnswer {
    var plan = RetryPlan(configuration)
    var metadata: Logger.Metadata = ["project": "\(request.project)", "endpoint": "\(request.endpoint)"]
    var hasCorrectedClock = false
    while true {
      plan.begin()
      metadata["attempt"] = "\(plan.attempts)"
      var answer: ServerAnswer?
      let failure: SubmissionError
      do throws(SubmissionError) {
        let time = Int64(configuration.now().timeIntervalSince1970) + clockOffset
        let signed = try request.signed(at: time, userAgent: configuration.userAgent)
        let received = try await exchange(signed, body: request.body)
        answer = received
        let result = try received.result(
          of: request, hawk: signed.hawk, requiresSignature: configuration.requiresSignedAnswers)
        logger.debug("submitted \(request.body.count) bytes", metadata: metadata)
        return result
      } catch {
        failure = error
      }
      if !hasCorrectedClock, let time = answer?.serverTime(for: credentials) {
        hasCorrectedClock = true
        clockOffset = time - Int64(configuration.now().timeIntervalSince1970)
        logger.warning(
          "our clock is \(-clockOffset) seconds ahead of the server's: signing with the server's time",
          metadata: metadata)
        continue
      }
      let retryAfter = answer?.retryAfter(now: configuration.now())
      let pause = plan.pause(after: failure, retryAfter: retryAfter, chance: .random(in: 0...1))
      guard let pause, !isClosed else { throw failure }
      logger.warning("\(failure); once more in \(pause)", metadata: metadata)
      guard await wait(pause) else {
        throw Task.isCancelled ? SubmissionError(.cancelled, "the submission was cancelled: \(failure)") : failure
      }
    }
  }

  /// - Returns: whether the pause came to its end.
  private func wait(_ duration: Duration) async -> Bool {
    let pause = Task { [pause = configuration.pause] in try await pause(duration) }
    lastPause += 1
    let number = lastPause
    pauses[number] = pause
    let result = await withTaskCancellationHandler {
      await pause.result
    } onCancel: {
      pause.cancel()
    }
    pauses[number] = nil
    return (try? result.get()) != nil && !Task.isCancelled && !isClosed
  }

  private func exchange(
    _ signed: SubmissionRequest.Signed, body: [UInt8]
  ) async throws(SubmissionError) -> ServerAnswer {
    var request = HTTPClientRequest(url: signed.url)
    request.method = .POST
    request.headers = signed.headers
    request.body = .bytes(ByteBuffer(bytes: body))
    do {
      return try await withDeadline(of: configuration.requestTimeout) {
        [http, request, limit = configuration.maximumAnswerSize] in
        let response = try await http.execute(request, deadline: .distantFuture)
        let body = try await response.body.collect(upTo: limit)
        return ServerAnswer(
          status: Int(response.status.code), headers: response.headers, body: Array(body.readableBytesView))
      }
    } catch {
      throw TransportFailure.error(error, at: place)
    }
  }
}

extension SubmissionError {
  /// Whether another submission may be taken all the same.
  var concernsOneSubmission: Bool { [.refused, .tooLarge, .invalidSubmission].contains(code) }
}

/// Cancels `work` where it takes longer than `limit`, the answer's body included, which the client's own deadline leaves
/// out.
private func withDeadline<Value: Sendable>(
  of limit: Duration, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
  try await withThrowingTaskGroup(of: Value?.self) { group in
    group.addTask { try await work() }
    group.addTask {
      try await Task.sleep(for: limit)
      return nil
    }
    defer { group.cancelAll() }
    guard let first = try await group.next(), let value = first else { throw HTTPClientError.deadlineExceeded }
    return value
  }
}
