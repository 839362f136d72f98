/// OAuth 1.0a with two legs, as Treeherder's first clients sign: everything is in the query, the token is empty, and the
/// body is protected by `oauth_body_hash` (the OAuth extension "Request Body Hash", draft 4).
///
/// Like ``Hawk`` it is made of values: time, nonces and secrets are the caller's.
public enum OAuth {
  /// How far the clocks of both ends may differ, in seconds: `timestamp_threshold` of python-oauth2, which those clients
  /// and servers used.
  public static let defaultSkew: Int64 = 300

  /// The length of a path with its query in bytes beyond which it is not read: far more than a signature takes, and what
  /// servers commonly allow a request line.
  public static let maximumLength = 8192

  /// Who signs, and with what.
  public struct Credentials: Sendable {
    /// The name that the key is known by, which is sent along.
    public let consumerKey: String
    /// The key, which is not.
    public let secret: Secret

    /// Credentials of a project.
    public init(consumerKey: String, secret: Secret) {
      self.consumerKey = consumerKey
      self.secret = secret
    }
  }

  /// Signs a request.
  ///
  /// - Parameters:
  ///   - address: where it goes; parameters that its query has already are signed too.
  ///   - body: its body.
  ///   - user: the project that it is for, sent as `user`.
  ///   - credentials: whose request it is.
  ///   - timestamp: the time in seconds since 1970-01-01 00:00:00 UTC.
  ///   - nonce: a text that no other request of this second has; by default one made by chance.
  /// - Returns: path and query for the request line.
  /// - Throws: ``SignatureError`` with code `invalidArgument` where the query has parameters of OAuth already, `malformed`
  ///   where it cannot be read.
  public static func sign(
    _ address: RequestAddress, body: [UInt8], user: String, credentials: Credentials, timestamp: Int64,
    nonce: String? = nil
  ) throws(SignatureError) -> String {
    var parameters = try QueryParameters(address.query)
    guard !parameters.list.contains(where: { $0.name.hasPrefix("oauth_") || $0.name == "user" }) else {
      throw SignatureError(.invalidArgument, "the query has parameters of a signature already")
    }
    guard timestamp > 0 else { throw SignatureError(.invalidArgument, "the time is before 1970") }
    let own = [
      ("oauth_body_hash", Digest.sha1(body).base64), ("oauth_consumer_key", credentials.consumerKey),
      ("oauth_nonce", nonce ?? Nonce.make()), ("oauth_signature_method", "HMAC-SHA1"),
      ("oauth_timestamp", "\(timestamp)"), ("oauth_token", ""), ("oauth_version", "1.0"), ("user", user),
    ]
    for (name, value) in own { parameters.add(name, value) }
    parameters.add("oauth_signature", signature(address, parameters, credentials.secret))
    let target = "\(address.path)?\(parameters.query)"
    guard target.utf8.count <= maximumLength else {
      throw SignatureError(.invalidArgument, "the path with its query has more than \(maximumLength) bytes")
    }
    return target
  }

  /// Whether a query has a signature, right or wrong.
  public static func isSigned(_ address: RequestAddress) -> Bool {
    address.query.split(separator: "&").contains { $0.hasPrefix("oauth_signature=") }
  }

  /// HMAC-SHA1 over the base string (RFC 5849, 3.4.1) in Base64; the key's second half, a token's secret, is empty.
  static func signature(_ address: RequestAddress, _ parameters: QueryParameters, _ secret: Secret) -> String {
    let base = [
      address.method, "\(address.isSecure ? "https" : "http")://\(address.authority)\(address.path)",
      parameters.normalized,
    ].map(QueryParameters.encode).joined(separator: "&")
    let key = QueryParameters.encode(secret.bytes) + "&"
    return Digest.hmacSHA1(key: Array(key.utf8), Array(base.utf8)).base64
  }
}
