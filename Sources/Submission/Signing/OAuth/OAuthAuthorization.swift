extension OAuth {
  /// The signature in the query of a request that has arrived: read, and not believed yet.
  public struct Authorization: Sendable {
    /// Whose request it claims to be.
    public let consumerKey: String
    /// The project that it claims to be for, `user`; the caller compares it with the one in the path.
    public let user: String
    /// Seconds since 1970-01-01 00:00:00 UTC that it claims to be signed at.
    public let timestamp: Int64
    /// What is to come but once with this key and time.
    public let nonce: String

    private let signature: String
    private let bodyHash: String?
    private let address: RequestAddress
    private let parameters: QueryParameters

    /// Reads the query of `address`.
    ///
    /// - Throws: ``SignatureError`` for a parameter that is missing, there twice, unknown or of another value than
    ///   two-legged OAuth 1.0a with HMAC-SHA1 has.
    public init(_ address: RequestAddress) throws(SignatureError) {
      guard address.target.utf8.count <= OAuth.maximumLength else {
        throw SignatureError(.malformed, "the path with its query has more than \(OAuth.maximumLength) bytes")
      }
      parameters = try QueryParameters(address.query)
      var values: [String: String] = [:]
      for (name, value) in parameters.list where name.hasPrefix("oauth_") || name == "user" {
        guard Self.known.contains(name) else {
          throw SignatureError(.unknownAttribute, "there is no parameter \(name.prefix(30)) here")
        }
        guard values.updateValue(value, forKey: name) == nil else {
          throw SignatureError(.duplicateAttribute, "the parameter \(name) is there twice")
        }
      }
      func required(_ name: String) throws(SignatureError) -> String {
        guard let value = values[name], !value.isEmpty else { throw .missing(name) }
        return value
      }
      func check(_ name: String, _ value: String, is expected: String) throws(SignatureError) {
        guard value == expected else {
          throw SignatureError(.invalidAttribute, "the parameter \(name) is not \"\(expected)\"")
        }
      }
      try check("oauth_signature_method", required("oauth_signature_method"), is: "HMAC-SHA1")
      try check("oauth_version", values["oauth_version"] ?? "1.0", is: "1.0")
      try check("oauth_token", values["oauth_token"] ?? "", is: "")
      consumerKey = try required("oauth_consumer_key")
      user = try required("user")
      nonce = try required("oauth_nonce")
      signature = try required("oauth_signature")
      guard let timestamp = Int64(digits: try required("oauth_timestamp")) else {
        throw SignatureError(.invalidAttribute, "the parameter oauth_timestamp is no number of seconds")
      }
      self.timestamp = timestamp
      bodyHash = values["oauth_body_hash"]
      self.address = address
    }

    /// Checks signature, body hash and time, in this order; whether the nonce is new is for the caller to say, afterwards.
    ///
    /// - Parameters:
    ///   - body: the request's body, as it came.
    ///   - secret: the one that ``consumerKey`` has.
    ///   - now: seconds since 1970-01-01 00:00:00 UTC.
    ///   - skew: how far off its time may be, in seconds.
    /// - Throws: ``SignatureError`` with code `badMAC`, `badHash`, `missingAttribute` (a body without a hash) or `stale`.
    public func verify(
      body: [UInt8], secret: Secret, now: Int64, skew: Int64 = OAuth.defaultSkew
    ) throws(SignatureError) {
      guard Digest.areEqual(signature, OAuth.signature(address, parameters, secret)) else {
        throw SignatureError(
          .badMAC, "the signature was made with another secret, or for another method, host, port, path or query")
      }
      if let bodyHash {
        guard Digest.areEqual(bodyHash, Digest.sha1(body).base64) else {
          throw SignatureError(.badHash, "the body is not the one that was signed")
        }
      } else if !body.isEmpty {
        throw .missing("oauth_body_hash")
      }
      try SignatureError.checkAge(of: timestamp, now: now, limit: skew)
    }

    private static let known: Set<String> = [
      "oauth_body_hash", "oauth_consumer_key", "oauth_nonce", "oauth_signature", "oauth_signature_method",
      "oauth_timestamp", "oauth_token", "oauth_version", "user",
    ]
  }
}
