import Foundation
import JobStore
import Submission
import Support

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
    url = try await Self.address(of: program)
  }

  /// Where a program says that it listens, without a path, once it does.
  static func address(of program: Program) async throws -> String {
    func address() throws -> String? {
      // The line is there whole once the slash is.
      try program.errorsSoFar().firstMatch(of: /(http:\/\/[0-9.]+:[0-9]+)\//).map { String($0.output.1) }
    }
    try await eventually("the server's address") { try address() != nil }
    return try address() ?? ""
  }

  /// Asks the server to end, and waits for it.
  func stop() async throws {
    program.send(SIGTERM)
    _ = try await program.result()
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
  ) async throws -> WebClient.Answer {
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
    var headers = ["Content-Type": "application/json", "Accept": accept]
    if let authorization { headers["Authorization"] = authorization }
    return try await WebClient.send("POST", address, headers, body: Array((sent ?? body).utf8))
  }
}
