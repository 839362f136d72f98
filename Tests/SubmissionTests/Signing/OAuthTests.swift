import Testing

@testable import Submission

/// Signatures beside those that python-oauth2 1.9.0, which Treeherder's first clients used, made of the same requests.
@Suite struct OAuthTests {
  static let credentials = OAuth.Credentials(consumerKey: "orchard-key", secret: Secret("wool & wethers/%"))

  static func signed(
    _ url: String = SignedSample.url, method: String = "POST", body: [UInt8] = SignedSample.content.body
  ) throws -> String {
    try OAuth.sign(
      RequestAddress(method: method, url: url), body: body, user: "orchard", credentials: credentials,
      timestamp: SignedSample.now, nonce: "k7j6h5")
  }

  static func address(_ target: String, isSecure: Bool = true, host: String = "example.org") throws(SignatureError)
    -> RequestAddress
  {
    try RequestAddress(method: "POST", target: target, host: host, isSecure: isSecure)
  }

  @Test func aBodyIsSignedAsPythonOAuth2Does() throws {
    let target = try Self.signed()
    #expect(target.hasPrefix("/api/project/orchard/jobs/?oauth_body_hash=AZq4UH3qfQPBC59Nm9bPQ7Z6b%2Fo%3D&"))
    #expect(target.hasSuffix("&oauth_signature=Q5rnfamy%2FadYAN7vjhKMRCzvc7U%3D"))
    #expect(target.contains("&oauth_token=&") && target.contains("&user=orchard&"))
  }

  @Test func otherParametersAndAnotherPortAreSignedAsPythonOAuth2Does() throws {
    let target = try Self.signed(
      "http://example.org:8000/api/project/orchard/jobs/?a=b%20c&a=1&z=%C3%BC~", method: "GET", body: [])
    #expect(target.contains("?a=b%20c&a=1&z=%C3%BC~&"))
    #expect(target.hasSuffix("&oauth_signature=9Kj%2F58xmNr9Cmqq0IXVMHZ%2FgUC4%3D"))
  }

  /// What python-oauth2 wrote: other order, and a plus for a space.
  @Test func whatPythonOAuth2SignedIsAccepted() throws {
    let post = try Self.address(
      "/api/project/orchard/jobs/?oauth_version=1.0&oauth_nonce=k7j6h5&oauth_timestamp=1448100000&oauth_token="
        + "&oauth_consumer_key=orchard-key&user=orchard&oauth_body_hash=AZq4UH3qfQPBC59Nm9bPQ7Z6b%2Fo%3D"
        + "&oauth_signature_method=HMAC-SHA1&oauth_signature=Q5rnfamy%2FadYAN7vjhKMRCzvc7U%3D")
    let authorization = try OAuth.Authorization(post)
    #expect(authorization.consumerKey == "orchard-key" && authorization.user == "orchard")
    #expect(authorization.nonce == "k7j6h5" && authorization.timestamp == SignedSample.now)
    try authorization.verify(
      body: SignedSample.content.body, secret: Self.credentials.secret, now: SignedSample.now)
    let get = try RequestAddress(
      method: "GET",
      url: "http://example.org:8000/api/project/orchard/jobs/?a=b+c&a=1&z=%C3%BC~&oauth_version=1.0"
        + "&oauth_nonce=k7j6h5&oauth_timestamp=1448100000&oauth_token=&oauth_consumer_key=orchard-key&user=orchard"
        + "&oauth_body_hash=2jmj7l5rSw0yVb%2FvlWAYkK%2FYBwk%3D&oauth_signature_method=HMAC-SHA1"
        + "&oauth_signature=9Kj%2F58xmNr9Cmqq0IXVMHZ%2FgUC4%3D")
    try OAuth.Authorization(get).verify(body: [], secret: Self.credentials.secret, now: SignedSample.now)
  }

  private func code(
    _ target: String, body: [UInt8] = SignedSample.content.body, secret: Secret = credentials.secret,
    now: Int64 = SignedSample.now, isSecure: Bool = true, host: String = "example.org"
  ) -> SignatureError.Code? {
    refusal { () throws(SignatureError) in
      try OAuth.Authorization(Self.address(target, isSecure: isSecure, host: host))
        .verify(body: body, secret: secret, now: now)
    }
  }

  @Test func anotherSecretRequestOrBodyIsRefused() throws {
    let target = try Self.signed()
    #expect(code(target) == nil)
    #expect(code(target, secret: Secret("wool")) == .badMAC)
    #expect(code(target, isSecure: false) == .badMAC)
    #expect(code(target, host: "example.com") == .badMAC)
    #expect(code(target, host: "example.org:444") == .badMAC)
    #expect(code(target + "&more=1") == .badMAC)
    #expect(code(target.replacing("/jobs/", with: "/artifact/")) == .badMAC)
    #expect(code(target.replacing("user=orchard", with: "user=pasture")) == .badMAC)
    #expect(code(target, body: []) == .badHash)
    #expect(code(target, now: SignedSample.now + 300) == nil)
    #expect(code(target, now: SignedSample.now + 301) == .stale)
    #expect(code(target, now: SignedSample.now - 301) == .stale)
  }

  @Test(
    arguments: [
      ("oauth_consumer_key=orchard-key", "", .missingAttribute), ("user=orchard", "user=", .missingAttribute),
      ("oauth_nonce=k7j6h5", "oauth_nonc=", .unknownAttribute), ("oauth_token=", "oauth_token=t", .invalidAttribute),
      ("oauth_version=1.0", "oauth_version=2.0", .invalidAttribute),
      ("user=orchard", "user=orchard&user=a", .duplicateAttribute),
      ("HMAC-SHA1", "PLAINTEXT", .invalidAttribute), ("oauth_timestamp=1", "oauth_timestamp=-1", .invalidAttribute),
      ("oauth_version=1.0", "", .badMAC), ("user=orchard", "user=%6frchard", nil),
      ("user=orchard", "user=orch%zzard", .malformed),
      ("user=orchard", "user=%ff", .malformed), ("user=orchard", "user=a%2", .malformed),
      ("oauth_signature=", "oauth_signature=&oauth_signature=", .duplicateAttribute),
    ] as [(String, String, SignatureError.Code?)])
  func aQueryThatIsNotExactlyOAuthIsRefused(_ part: String, _ replacement: String, _ expected: SignatureError.Code?)
    throws
  {
    #expect(code(try Self.signed().replacing(part, with: replacement)) == expected)
  }

  @Test func aBodyNeedsAHash() throws {
    var parameters = try QueryParameters(
      "oauth_consumer_key=k&oauth_nonce=n&oauth_signature_method=HMAC-SHA1&oauth_timestamp=\(SignedSample.now)&user=u")
    let bare = try Self.address("/a")
    parameters.add("oauth_signature", OAuth.signature(bare, parameters, Self.credentials.secret))
    #expect(code("/a?\(parameters.query)") == .missingAttribute)
    #expect(code("/a?\(parameters.query)", body: []) == nil)
  }

  @Test func whetherARequestIsSignedIsSeen() throws {
    #expect(OAuth.isSigned(try Self.address(Self.signed())))
    #expect(!OAuth.isSigned(try Self.address("/a?user=b&x=oauth_signature=")))
    #expect(refusal { () throws(SignatureError) in try OAuth.Authorization(Self.address("/a")) } == .missingAttribute)
  }

  @Test func aSecondSignatureIsNotMade() throws {
    let address = try Self.address(Self.signed())
    #expect(
      refusal { () throws(SignatureError) in
        try OAuth.sign(address, body: [], user: "u", credentials: Self.credentials, timestamp: 1)
      } == .invalidArgument)
  }
}
