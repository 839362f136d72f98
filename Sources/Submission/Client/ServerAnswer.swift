import Foundation
import NIOHTTP1

/// An answer as it came, and what it means.
struct ServerAnswer {
  let status: Int
  let headers: HTTPHeaders
  let body: [UInt8]

  /// What is repeated of a server's words at most, in characters: enough for a reason, too little for a page.
  private static let maximumMessage = 300

  /// The answer to a request that was taken.
  ///
  /// - Throws: ``SubmissionError``: why it was not, or that the answer is not to be trusted.
  func result(
    of request: SubmissionRequest, hawk: Hawk.SignedRequest?, requiresSignature: Bool
  ) throws(SubmissionError) -> SubmissionAnswer {
    guard (200..<300).contains(status) else { throw error(of: request) }
    let field = headers.first(name: "Server-Authorization")
    if let hawk, field != nil || requiresSignature {
      do throws(SignatureError) {
        try hawk.verify(
          serverAuthorization: field, content: .init(type: headers.first(name: "Content-Type") ?? "", body: body))
      } catch {
        throw SubmissionError(
          .untrustedAnswer,
          "the answer is not signed as it has to be, so that nobody knows whether it was stored: \(error)",
          status: status, underlying: error)
      }
    }
    return SubmissionAnswer(status: status, data: try? SubmissionValue(json: body))
  }

  private func error(of request: SubmissionRequest) -> SubmissionError {
    let reason = message(without: request.credentials.secret).map { ": \($0)" } ?? ""
    func error(_ code: SubmissionError.Code, _ text: String, isRetriable: Bool = false) -> SubmissionError {
      SubmissionError(code, "\(text) (status \(status))\(reason)", status: status, isRetriable: isRetriable)
    }
    switch status {
    case 400: return error(.refused, "the server refused the \(request.endpoint)")
    case 401: return error(.unauthorized, "the server does not accept the credentials")
    case 403: return error(.forbidden, "the credentials are not for the project \(request.project)")
    case 404: return error(.unknownProject, "the server knows no project \(request.project)")
    case 406: return error(.unsupportedVersion, "the server does not speak version 1.0 of the interface")
    case 413: return error(.tooLarge, "the server does not take \(request.body.count) bytes at once")
    case 429: return error(.tooManyRequests, "the server asks to come less often", isRetriable: true)
    case 500..<600: return error(.serverFailed, "the server failed", isRetriable: true)
    case 300..<400:
      return error(.unexpectedAnswer, "the server is somewhere else, and signed requests are not redirected")
    default: return error(.unexpectedAnswer, "the server gave an answer that is none here")
    }
  }

  /// The server's reason, on one line.
  private func message(without secret: Secret?) -> String? {
    let data = try? SubmissionValue(json: body)
    var text = ["message", "detail", "error"].lazy.compactMap { data?[$0]?.string }.first { !$0.isEmpty }
    let type = headers.first(name: "Content-Type") ?? ""
    if text == nil, data == nil || data?.string != nil, !type.contains("html") {
      text = data?.string ?? String(decoding: body.prefix(4 * Self.maximumMessage), as: UTF8.self)
    }
    guard var text else { return nil }
    // A server that repeats what it was given must not make a log tell it.
    if let secret = secret.map({ String(decoding: $0.bytes, as: UTF8.self) }), !secret.isEmpty {
      text = text.replacing(secret, with: "…")
    }
    text = text.replacing(/(mac="|oauth_signature=)[^"&\s]*/) { "\($0.output.1)…" }
    let line = text.split {
      $0.isWhitespace || $0.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
    .joined(separator: " ")
    guard !line.isEmpty else { return nil }
    return line.count > Self.maximumMessage ? line.prefix(Self.maximumMessage) + "…" : line
  }

  /// How long the server asks to wait (RFC 9110, 10.2.3); nil where it does not.
  func retryAfter(now: Date) -> Duration? {
    guard status == 429 || status == 503, let text = headers.first(name: "Retry-After") else { return nil }
    let value = text.trimmingCharacters(in: .whitespaces)
    if !value.isEmpty, let seconds = Int64(digits: value) { return .seconds(min(seconds, Int64(Int32.max))) }
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(identifier: "GMT")
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
    guard let date = formatter.date(from: value) else { return nil }
    return .seconds(min(max(0, date.timeIntervalSince(now)), Double(Int32.max)))
  }

  /// The server's time in seconds since 1970-01-01 00:00:00 UTC, where it says that ours is wrong and can be believed.
  func serverTime(for credentials: SubmissionCredentials) -> Int64? {
    guard status == 401, case .hawk(let credentials) = credentials else { return nil }
    return headers["WWW-Authenticate"].lazy
      .compactMap { try? Hawk.serverTime(challenge: $0, secret: credentials.secret) }.first
  }
}
