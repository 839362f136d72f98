import Foundation
import Support
import Synchronization

@testable import Submission

/// A client whose pauses are recorded in place of being waited for.
final class Pauses: Sendable {
  private let list = Mutex<[Duration]>([])

  var all: [Duration] { list.withLock { $0 } }

  func configuration(attempts: Int = 5) -> SubmissionConfiguration {
    var configuration = SubmissionConfiguration()
    configuration.attempts = attempts
    configuration.pause = { duration in self.list.withLock { $0.append(duration) } }
    return configuration
  }
}

/// The server's side of Hawk, as a web service would do it.
struct HawkServer: Sendable {
  var now: @Sendable () -> Int64 = { Int64(Date.now.timeIntervalSince1970) }
  var secret = SignedSample.secret

  func accept(_ request: ScriptedSubmissionServer.Request) throws(SignatureError) -> Hawk.AcceptedRequest {
    let authorization = try Hawk.Authorization(request.headers["authorization"] ?? "")
    return try authorization.verify(
      RequestAddress(
        method: request.method, target: request.target, host: request.headers["host"] ?? "", isSecure: false),
      content: .init(type: request.headers["content-type"] ?? "", body: request.body), secret: secret, now: now())
  }

  /// The answer to a request: signed where its signature is right, otherwise 401.
  func answer(
    _ request: ScriptedSubmissionServer.Request, _ body: String = #"{"message": "Job successfully updated"}"#
  ) -> ScriptedSubmissionServer.Answer {
    do throws(SignatureError) {
      let field = try accept(request).serverAuthorization(
        for: .init(type: "application/json", body: Array(body.utf8)))
      return .response(
        200, headers: ["Server-Authorization": field, "Content-Type": "application/json"], body: body)
    } catch {
      var headers = ["Content-Type": "application/json"]
      if error.code == .stale { headers["WWW-Authenticate"] = Hawk.staleChallenge(now: now(), secret: secret) }
      return .response(401, headers: headers, body: #"{"detail": "\#(error)"}"#)
    }
  }
}
