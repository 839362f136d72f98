import Foundation
import HTTPTypes
public import Hummingbird
public import Ingestion
public import JobStore
import Logging
import NIOCore
import Submission

/// Where Treeherder's clients submit: pushes, jobs and artifacts of a project, in signed requests.
///
/// What is refused leaves nothing in the store, but for the nonce of a request whose signature was right.
public struct SubmissionRoutes: RouteGroup {
  /// What is taken.
  public struct Configuration: Sendable {
    /// The longest body, in bytes.
    public var maximumBody: Int
    /// How many requests a client may send a minute; 0 for any number.
    public var requestsPerMinute: Int
    /// Whether clients speak HTTPS with something ahead of the server; it is a part of what they sign.
    public var isSecure: Bool

    /// A configuration.
    public init(maximumBody: Int = 16 << 20, requestsPerMinute: Int = 1_200, isSecure: Bool = false) {
      self.maximumBody = maximumBody
      self.requestsPerMinute = requestsPerMinute
      self.isSecure = isSecure
    }
  }

  private let store: any Store
  private let pipeline: Pipeline
  private let configuration: Configuration
  private let authenticator: SubmissionAuthenticator
  private let limiter: RateLimiter

  /// Routes into `store`.
  ///
  /// - Parameter pipeline: a way into the same store; it says what becomes of jobs whose push is not known.
  public init(store: any Store, pipeline: Pipeline, configuration: Configuration = .init()) {
    self.store = store
    self.pipeline = pipeline
    self.configuration = configuration
    authenticator = SubmissionAuthenticator(store: store, isSecure: configuration.isSecure)
    limiter = RateLimiter(perMinute: configuration.requestsPerMinute)
  }

  /// Adds the routes `resultset`, `jobs` and `artifact`.
  public func register(on router: Router<WebContext>) {
    router.post("api/project/:project/resultset") { request, context in
      try await answer(to: request, context, ingestPushes)
    }
    router.post("api/project/:project/jobs") { request, context in
      try await answer(to: request, context, ingestJobs)
    }
    router.post("api/project/:project/artifact") { request, context in
      try await answer(to: request, context, ingestArtifacts)
    }
  }

  /// What a client submits.
  struct Submitted: Sendable {
    let project: String
    let clientID: String
    let body: [UInt8]
  }

  // MARK: Whose it is

  private func answer(
    to request: Request, _ context: WebContext, _ ingest: (Submitted) async throws -> JSONWriter
  ) async throws -> Response {
    let project = try context.parameters.require("project")
    let client: SubmissionAuthenticator.Client
    let body: [UInt8]
    do {
      let (claim, address, key) = try await authenticator.claim(request)
      body = try await self.body(of: request)
      client = try await authenticator.verify(claim, address, key, request, body: body)
    } catch let refusal as SubmissionAuthenticator.Refusal {
      return refusal.response
    }
    var response: Response
    var content: JSONWriter
    do {
      if let seconds = limiter.take(for: client.key.clientID) { throw TooManyRequests(retryAfter: seconds) }
      try await authorize(client, project)
      content = try await ingest(Submitted(project: project, clientID: client.key.clientID, body: body))
      response = content.response()
    } catch let error as WebError {
      (content, response) = (error.json, error.response)
    } catch let rejection as CollectionRejection {
      content = rejection.json
      response = content.response(status: .badRequest)
    } catch let error as TooManyRequests {
      content = error.json
      response = content.response(status: .tooManyRequests)
      response.headers[.retryAfter] = "\(error.retryAfter)"
    } catch let error as StoreError where error.code == .failed || error.code == .unstorable {
      context.logger.warning("a submission cannot be stored", metadata: ["reason": "\(error)"])
      (content, response) = (WebError.unstorable.json, WebError.unstorable.response)
    }
    if let hawk = client.hawk {
      response.headers[.serverAuthorization] = try hawk.serverAuthorization(
        for: .init(type: response.headers[.contentType] ?? "", body: content.bytes))
    }
    return response
  }

  private func body(of request: Request) async throws -> [UInt8] {
    let tooLarge = WebError(
      .contentTooLarge, .detail("The body has more than \(configuration.maximumBody) bytes: submit less at once."))
    if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > configuration.maximumBody {
      throw tooLarge
    }
    do {
      return Array(buffer: try await request.body.collect(upTo: configuration.maximumBody))
    } catch is NIOTooManyBytesError {
      throw tooLarge
    }
  }

  /// - Throws: ``WebError``: 404 for a project that nobody knows, 403 for one that is not the client's.
  private func authorize(_ client: SubmissionAuthenticator.Client, _ project: String) async throws {
    guard let repository = try await store.repositories().first(where: { $0.name == project }) else {
      throw WebError.unknownProject(project)
    }
    guard client.key.projects.contains(project), client.user == nil || client.user == project else {
      throw WebError(.forbidden, .detail("\(client.key.clientID) may not submit to \(project)."))
    }
    guard repository.isActive else { throw WebError(.forbidden, .detail("\(project) is not active.")) }
  }

  // MARK: What is done with it

  private static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }

  private func ingestPushes(_ submitted: Submitted) async throws -> JSONWriter {
    let pushes = try CollectionReader.pushes(submitted.body, for: submitted.project, now: Self.now)
    let ids = try await pipeline.ingest(pushes)
    var json = JSONWriter()
    json.object { json in
      json.member("message", "well-formed JSON stored")
      json.name("resultsets")
      json.array { json in for id in ids { json.integer(id) } }
    }
    return json
  }

  private func ingestJobs(_ submitted: Submitted) async throws -> JSONWriter {
    let jobs = try CollectionReader.jobs(submitted.body, for: submitted.project)
    let outcome = try await pipeline.ingest(
      jobs, to: submitted.project, by: submitted.clientID, receivedTime: Self.now)
    if case .refused(let guids) = outcome {
      throw WebError(
        .forbidden, .detail("Jobs of another project would be changed: \(guids.joined(separator: ", "))."))
    }
    return .message("Job successfully updated")
  }

  private func ingestArtifacts(_ submitted: Submitted) async throws -> JSONWriter {
    let artifacts = try CollectionReader.artifacts(submitted.body)
    if case .refused(let guids) = try await pipeline.ingest(artifacts, to: submitted.project) {
      let unknown = Set(guids)
      throw CollectionRejection.invalid(
        artifacts.enumerated().filter { unknown.contains($0.element.jobGUID) }.map {
          PropertyProblem(path: "[\($0.offset)].job_guid", message: "\(submitted.project) has no such job")
        })
    }
    return .message("Artifacts stored successfully")
  }
}
