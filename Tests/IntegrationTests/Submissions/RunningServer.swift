import Foundation
import JobStore
import Submission
import Support

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// `drover serve` over a store, with a client that may submit to the project orchard.
struct RunningServer {
  let store: CommandStore
  let program: Program
  /// Without a path.
  let url: String
  let secret: String

  static let client = "ci.example.org"

  init(_ kind: CommandStore.Kind, _ options: String...) async throws {
    store = try await CommandStore(kind)
    secret = try await store.drover("credentials", "create", Self.client, "--project", "orchard").output
      .trimmingCharacters(in: .newlines)
    let program = try Program(
      Repository.programs.appending(path: "drover"), ["serve", "--address", "127.0.0.1:0"] + options,
      environment: ["DROVER_STORE": store.url])
    self.program = program
    func address() throws -> String? {
      // The line is there whole once the slash is.
      try program.errorsSoFar().firstMatch(of: /(http:\/\/[0-9.]+:[0-9]+)\//).map { String($0.output.1) }
    }
    try await eventually("the server's address") { try address() != nil }
    url = try address() ?? ""
  }

  /// Asks the server to end, and waits for it.
  func stop() async throws {
    program.send(SIGTERM)
    _ = try await program.result()
  }

  /// An answer.
  struct Answer {
    let status: Int
    let body: String
    let response: HTTPURLResponse

    func field(_ name: String) -> String? { response.value(forHTTPHeaderField: name) }
  }

  /// How a request is signed.
  enum Signature {
    case none
    case hawk(id: String = RunningServer.client, secret: String? = nil, age: Int64 = 0, nonce: String? = nil)
    case oauth(user: String = "orchard", secret: String? = nil)
  }

  /// Posts `body` to an endpoint; `sent` in its place where another body is to arrive than the one that was signed.
  func post(
    _ endpoint: String, project: String = "orchard", _ body: String, sent: String? = nil,
    _ signature: Signature = .hawk(), accept: String = "application/json; version=1.0"
  ) async throws -> Answer {
    var address = "\(url)/api/project/\(project)/\(endpoint)/"
    let now = Int64(Date().timeIntervalSince1970)
    var authorization: String?
    switch signature {
    case .none: break
    case .hawk(let id, let secret, let age, let nonce):
      authorization = try Hawk.SignedRequest(
        RequestAddress(method: "POST", url: address),
        content: .init(type: "application/json", body: Array(body.utf8)),
        credentials: .init(id: id, secret: Secret(secret ?? self.secret)), timestamp: now - age, nonce: nonce
      ).authorization
    case .oauth(let user, let secret):
      address =
        try url
        + OAuth.sign(
          RequestAddress(method: "POST", url: address), body: Array(body.utf8), user: user,
          credentials: .init(consumerKey: Self.client, secret: Secret(secret ?? self.secret)), timestamp: now)
    }
    guard let target = URL(string: address) else { throw URLError(.badURL) }
    var request = URLRequest(url: target)
    request.httpMethod = "POST"
    request.httpBody = Data((sent ?? body).utf8)
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    request.setValue(accept, forHTTPHeaderField: "Accept")
    if let authorization { request.setValue(authorization, forHTTPHeaderField: "Authorization") }
    let (data, response) = try await URLSession.shared.data(for: request)
    guard let response = response as? HTTPURLResponse else { throw URLError(.badServerResponse) }
    return Answer(status: response.statusCode, body: String(decoding: data, as: UTF8.self), response: response)
  }
}
