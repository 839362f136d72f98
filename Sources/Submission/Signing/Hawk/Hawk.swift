import Foundation

/// Hawk, the scheme in which both sides sign with a key that they share, as Python's `mohawk` speaks it: HMAC-SHA256 over
/// method, address, time, nonce and a hash of the body.
///
/// Everything here is a value; nothing waits, and nothing looks at a clock or remembers a nonce. A client makes a
/// ``Hawk/SignedRequest``; a server reads an ``Hawk/Authorization`` and gets an ``Hawk/AcceptedRequest``:
///
/// ```swift
/// let authorization = try Hawk.Authorization(field)
/// let accepted = try authorization.verify(address, content: content, secret: secret(of: authorization.id), now: now)
/// // Refuse it here where (id, timestamp, nonce) was seen within the last two minutes.
/// let answer = try accepted.serverAuthorization(for: answerContent)
/// ```
public enum Hawk {
  /// How far the clocks of both ends may differ, in seconds: `default_ts_skew_in_seconds` of `mohawk`.
  ///
  /// A server has to remember nonces for twice as long.
  public static let defaultSkew: Int64 = 60

  /// The length of a field in bytes beyond which it is not read: `MAX_LENGTH` of `mohawk`.
  public static let maximumLength = 4096

  /// Who signs, and with what.
  public struct Credentials: Sendable {
    /// The name that the key is known by, which is sent along.
    public let id: String
    /// The key, which is not.
    public let secret: Secret

    /// Credentials of a client.
    public init(id: String, secret: Secret) {
      self.id = id
      self.secret = secret
    }
  }

  /// What a request or an answer carries.
  public struct Content: Sendable, Hashable {
    /// The value of `Content-Type`, empty without one; what follows a semicolon is not signed.
    public let type: String
    /// The body.
    public let body: [UInt8]

    /// A body of the media type `type`.
    public init(type: String, body: [UInt8]) {
      self.type = type
      self.body = body
    }

    /// Without a body and without a type.
    public static let none = Content(type: "", body: [])

    /// Whether there is nothing that a hash would protect.
    var isNothing: Bool { type.isEmpty && body.isEmpty }

    /// The payload hash in Base64.
    var hash: String {
      let mediaType = type.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
      return Digest.sha256(Array("hawk.1.payload\n\(mediaType)\n".utf8) + body + [UInt8(ascii: "\n")]).base64
    }
  }

  /// The attributes that a MAC is made over, besides the address.
  struct Signed: Sendable, Hashable {
    let timestamp: String
    let nonce: String
    var hash: String?
    var ext: String?
    let app: String?
    let dlg: String?

    /// - Parameter kind: `header` for requests, `response` for answers.
    func mac(_ kind: String, _ address: RequestAddress, _ secret: Secret) -> String {
      var lines = [
        "hawk.1.\(kind)", timestamp, nonce, address.method, address.target, address.host, "\(address.port)", hash ?? "",
        ext ?? "",
      ]
      if let app { lines += [app, dlg ?? ""] }
      lines.append("")
      return Digest.hmacSHA256(key: secret.bytes, Array(lines.joined(separator: "\n").utf8)).base64
    }
  }

  /// The MAC of a server's time, by which a client knows that it is not a stranger's.
  static func timeMAC(_ time: String, _ secret: Secret) -> String {
    Digest.hmacSHA256(key: secret.bytes, Array("hawk.1.ts\n\(time)\n".utf8)).base64
  }

  /// The value of `WWW-Authenticate` that tells a client whose clock is wrong what time it is here.
  ///
  /// - Parameters:
  ///   - now: seconds since 1970-01-01 00:00:00 UTC.
  ///   - secret: the client's, so that it can tell who says so.
  public static func staleChallenge(now: Int64, secret: Secret) -> String {
    #"Hawk ts="\#(now)", tsm="\#(timeMAC("\(now)", secret))", error="Stale timestamp""#
  }

  /// The server's time in the value of `WWW-Authenticate`, in seconds since 1970-01-01 00:00:00 UTC; nil where it names
  /// none.
  ///
  /// - Throws: ``SignatureError`` where it cannot be read, and with code `badMAC` where it comes from somebody who does
  ///   not have the secret.
  public static func serverTime(challenge: String, secret: Secret) throws(SignatureError) -> Int64? {
    guard challenge.contains(" ") else { return nil }
    let attributes = try HawkAttributes(challenge, allowed: ["ts", "tsm", "error"])
    guard let time = attributes["ts"] else { return nil }
    guard Digest.areEqual(try attributes.required("tsm"), timeMAC(time, secret)) else {
      throw SignatureError(.badMAC, "the MAC of the server's time was not made with our secret")
    }
    return try attributes.seconds("ts")
  }
}

extension [UInt8] {
  /// The bytes in Base64, padded.
  var base64: String { Data(self).base64EncodedString() }
}
