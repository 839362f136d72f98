import Foundation
import HTTPTypes
import Hummingbird
import JobStore
import Submission

/// Tells whose a request is, by its signature: Hawk in `Authorization`, or two-legged OAuth in the query.
struct SubmissionAuthenticator: Sendable {
  /// Somebody who has signed a request rightly.
  struct Client: Sendable {
    let key: ClientKey
    /// The project that an OAuth signature names; nil with Hawk.
    let user: String?
    /// What the answer is signed with; nil with OAuth, which has nothing of the kind.
    let hawk: Hawk.AcceptedRequest?
  }

  /// A signature that was read, and is not believed yet.
  enum Claim {
    case hawk(Hawk.Authorization)
    case oauth(OAuth.Authorization)

    var clientID: String {
      switch self {
      case .hawk(let authorization): authorization.id
      case .oauth(let authorization): authorization.consumerKey
      }
    }

    var nonce: String {
      switch self {
      case .hawk(let authorization): authorization.nonce
      case .oauth(let authorization): authorization.nonce
      }
    }

    /// Seconds since 1970-01-01 00:00:00 UTC.
    var timestamp: Int64 {
      switch self {
      case .hawk(let authorization): authorization.timestamp
      case .oauth(let authorization): authorization.timestamp
      }
    }
  }

  let store: any Store
  /// Whether clients speak HTTPS with something ahead of the server.
  let isSecure: Bool

  /// Why a request is not taken for anybody's: 401.
  struct Refusal: Error {
    let reason: String
    /// The value of `WWW-Authenticate`.
    var challenge = "Hawk"
  }

  /// Reads a request's signature, and looks for the key that it is to be checked with; the body is not needed yet.
  ///
  /// - Throws: ``Refusal``, or `StoreError`.
  func claim(_ request: Request) async throws -> (claim: Claim, address: RequestAddress, key: ClientKey) {
    let (claim, address) = try read(request)
    guard let key = try await store.clientKey(claim.clientID) else {
      throw Refusal(reason: "no client of this name has a secret")
    }
    return (claim, address, key)
  }

  private func read(_ request: Request) throws(Refusal) -> (Claim, RequestAddress) {
    do throws(SignatureError) {
      let address = try RequestAddress(
        method: request.method.rawValue, target: request.head.path ?? "/", host: request.head.authority ?? "",
        isSecure: isSecure)
      if let field = request.headers[.authorization] {
        return (.hawk(try Hawk.Authorization(field)), address)
      }
      if address.target.contains("oauth_") { return (.oauth(try OAuth.Authorization(address)), address) }
    } catch {
      throw Refusal(reason: error.description)
    }
    throw Refusal(reason: "the request is not signed: Hawk or OAuth is asked")
  }

  /// Checks a signature with the body, and that it was not seen before.
  ///
  /// - Throws: ``Refusal``, or `StoreError`.
  func verify(
    _ claim: Claim, _ address: RequestAddress, _ key: ClientKey, _ request: Request, body: [UInt8]
  ) async throws -> Client {
    let now = Int64(Date().timeIntervalSince1970)
    let secret = Secret(key.secret)
    let client: Client
    do throws(SignatureError) {
      switch claim {
      case .hawk(let authorization):
        let content = Hawk.Content(type: request.headers[.contentType] ?? "", body: body)
        let accepted = try authorization.verify(address, content: content, secret: secret, now: now)
        client = Client(key: key, user: nil, hawk: accepted)
      case .oauth(let authorization):
        try authorization.verify(body: body, secret: secret, now: now)
        client = Client(key: key, user: authorization.user, hawk: nil)
      }
    } catch {
      var refusal = Refusal(reason: error.description)
      if error.code == .stale, case .hawk = claim {
        refusal.challenge = Hawk.staleChallenge(now: now, secret: secret)
      }
      throw refusal
    }
    // Signatures from up to a minute ahead are taken, so that one is good for two. Another server's clock may differ as
    // much.
    let isNew = try await store.noteNonce(
      claim.nonce, of: key.clientID, signedAt: claim.timestamp * 1_000, oldest: (now - 3 * Hawk.defaultSkew) * 1_000)
    guard isNew else { throw Refusal(reason: "the request has come before: its nonce was used") }
    return client
  }
}
