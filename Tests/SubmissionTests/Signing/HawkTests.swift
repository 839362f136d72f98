import Testing

@testable import Submission

/// Signatures beside those that `mohawk` 1.1.0 made of the same requests, and everything that is not accepted.
@Suite struct HawkTests {
  @Test func aBodyIsSignedAsMohawkDoes() throws {
    let signed = try SignedSample.hawk()
    #expect(
      signed.authorization == """
        Hawk id="orchard-ci", ts="1448100000", nonce="j4h3g2", hash="VBCLh76WirULcxK4fn5Yd62roPvNZkOSdS3n1sIm6lg=", \
        mac="QsowwKJMUayxFyjKyepobZItumvwF89UYec57drhaPA="
        """)
  }

  @Test func aQueryWithoutABodyIsSignedAsMohawkDoes() throws {
    let signed = try Hawk.SignedRequest(
      RequestAddress(method: "GET", url: "http://Example.org:8000/api/project/orchard/jobs/?count=2&x=%2Fy"),
      content: nil, credentials: SignedSample.credentials, timestamp: SignedSample.now, nonce: "j4h3g2")
    #expect(
      signed.authorization == """
        Hawk id="orchard-ci", ts="1448100000", nonce="j4h3g2", mac="GTaYU2FGbM7zO3Ywgi7p1HXM5CYqtcH4QzO+WyYqf7o="
        """)
  }

  @Test func extAppAndDlgAreSignedAsMohawkDoes() throws {
    let signed = try Hawk.SignedRequest(
      RequestAddress(method: "post", url: "http://[::1]:8000/a"),
      content: Hawk.Content(type: "Text/Plain; charset=utf-8", body: Array("schön".utf8)),
      credentials: SignedSample.credentials, timestamp: 1_448_100_001, nonce: "n", ext: "and welcome!", app: "shears",
      dlg: "dog")
    #expect(
      signed.authorization == """
        Hawk id="orchard-ci", ts="1448100001", nonce="n", hash="817Ih+vM2AatgwR/fGXFV5hpWATsf8CCdHuoWRbw0fk=", \
        ext="and welcome!", app="shears", dlg="dog", mac="kAnw68A58WRd9riz9LhDd7bvPyggyMr4sC3WFCLK6NI="
        """)
  }

  @Test func anAnswerIsSignedAsMohawkDoes() throws {
    let accepted = try verify(SignedSample.hawk().authorization)
    let field = try accepted.serverAuthorization(for: SignedSample.answer, ext: "shorn")
    #expect(
      field == """
        Hawk mac="e7tT7304K5WpGPh/OXtaGXenyHUVznuIzl9rAq6C6bw=", hash="MDrRIz7Pl2q44+IVZp1E3OXnXwlcKIXXHtX7Ltx0MJo=", \
        ext="shorn"
        """)
    #expect(try SignedSample.hawk().verify(serverAuthorization: field, content: SignedSample.answer) == "shorn")
  }

  @Test func theServersTimeIsSignedAsMohawkDoes() throws {
    let challenge = Hawk.staleChallenge(now: SignedSample.now, secret: SignedSample.secret)
    #expect(
      challenge == """
        Hawk ts="1448100000", tsm="9jxfto98qqkYvU4EJuuWv7fKz7hQe+4WexZxTpaMpqg=", error="Stale timestamp"
        """)
    #expect(try Hawk.serverTime(challenge: challenge, secret: SignedSample.secret) == SignedSample.now)
    #expect(try Hawk.serverTime(challenge: "Hawk", secret: SignedSample.secret) == nil)
    #expect(
      refusal { () throws(SignatureError) in try Hawk.serverTime(challenge: challenge, secret: Secret("x")) } == .badMAC
    )
  }

  @discardableResult
  private func verify(
    _ field: String, url: String = SignedSample.url, content: Hawk.Content = SignedSample.content,
    secret: Secret = SignedSample.secret, now: Int64 = SignedSample.now
  ) throws(SignatureError) -> Hawk.AcceptedRequest {
    try Hawk.Authorization(field).verify(
      RequestAddress(method: "POST", url: url), content: content, secret: secret, now: now)
  }

  @Test func whoseItIsCanBeReadBeforeItIsBelieved() throws {
    let authorization = try Hawk.Authorization(try SignedSample.hawk(ext: "a b").authorization)
    #expect(authorization.id == "orchard-ci" && authorization.nonce == "j4h3g2" && authorization.ext == "a b")
    #expect(authorization.timestamp == SignedSample.now)
  }

  @Test func anotherSecretRequestOrBodyIsRefused() throws {
    let field = try SignedSample.hawk().authorization
    let body = SignedSample.content.body
    #expect(refusal { () throws(SignatureError) in try verify(field) } == nil)
    #expect(refusal { () throws(SignatureError) in try verify(field, secret: Secret("wool-and-wether")) } == .badMAC)
    #expect(refusal { () throws(SignatureError) in try verify(field, url: SignedSample.url + "?a") } == .badMAC)
    #expect(
      refusal { () throws(SignatureError) in try verify(field, content: .init(type: "text/plain", body: body)) }
        == .badHash)
    #expect(
      refusal { () throws(SignatureError) in try verify(field, content: .init(type: "application/json", body: [])) }
        == .badHash)
    // What follows a semicolon is not signed, as in mohawk.
    #expect(
      refusal { () throws(SignatureError) in
        try verify(field, content: .init(type: "Application/JSON; charset=utf-8", body: body))
      } == nil)
  }

  @Test(arguments: [(-61, true), (-60, false), (60, false), (61, true)] as [(Int64, Bool)])
  func aSignatureIsGoodForAMinute(_ skew: Int64, _ isStale: Bool) throws {
    let field = try SignedSample.hawk().authorization
    do throws(SignatureError) {
      try verify(field, now: SignedSample.now - skew)
      #expect(!isStale)
    } catch {
      #expect(isStale && error.code == .stale && error.skew == skew)
      #expect(error.description.contains(skew > 0 ? "61 seconds ahead of" : "61 seconds behind"))
    }
  }

  @Test func aTimeBeyondAllClocksIsStale() throws {
    let far = try Hawk.SignedRequest(
      SignedSample.address(), content: SignedSample.content, credentials: SignedSample.credentials,
      timestamp: .max, nonce: "n")
    #expect(refusal { () throws(SignatureError) in try verify(far.authorization, now: -2) } == .stale)
  }

  @Test func aBodyNeedsAHash() throws {
    let bare = try Hawk.SignedRequest(
      SignedSample.address(), content: nil, credentials: SignedSample.credentials, timestamp: SignedSample.now)
    #expect(refusal { () throws(SignatureError) in try verify(bare.authorization) } == .missingAttribute)
    #expect(refusal { () throws(SignatureError) in try verify(bare.authorization, content: .none) } == nil)
    let typeAlone = Hawk.Content(type: "application/json", body: [])
    #expect(
      refusal { () throws(SignatureError) in try verify(bare.authorization, content: typeAlone) } == .missingAttribute)
  }

  @Test(
    arguments: [
      ("Basic dXNlcjpwYXNz", .unknownScheme), ("", .unknownScheme), ("Hawkid=\"a\"", .unknownScheme),
      ("Hawk", .malformed), ("Hawk ", .malformed), ("Hawk id", .malformed), ("Hawk id=a", .malformed),
      ("Hawk id=\"a", .malformed), ("Hawk id=\"a\\\"\"", .malformed), ("Hawk id=\"ä\"", .malformed),
      ("Hawk id=\"a\"\u{0}", .malformed), ("Hawk id=\"a\",", .malformed), ("Hawk id=\"a\" ts=\"1\"", .malformed),
      ("Hawk ID=\"a\"", .unknownAttribute), ("Hawk tsm=\"a\"", .unknownAttribute),
      ("Hawk id=\"a\", id=\"a\"", .duplicateAttribute), ("Hawk id=\"\"", .invalidAttribute),
      ("Hawk id=\"a\"", .missingAttribute), ("Hawk id=\"a\", ts=\"1\", mac=\"m\"", .missingAttribute),
      ("Hawk id=\"a\", ts=\"1\", nonce=\"n\"", .missingAttribute),
      ("Hawk id=\"a\", ts=\"x\", nonce=\"n\", mac=\"m\"", .invalidAttribute),
      ("Hawk id=\"a\", ts=\"-1\", nonce=\"n\", mac=\"m\"", .invalidAttribute),
      ("Hawk id=\"a\", ts=\"+1\", nonce=\"n\", mac=\"m\"", .invalidAttribute),
      ("Hawk id=\"a\", ts=\"99999999999999999999\", nonce=\"n\", mac=\"m\"", .invalidAttribute),
      ("Hawk id=\"a\", ts=\"1\", nonce=\"n\", mac=\"m\", dlg=\"d\"", .missingAttribute),
      ("Hawk id=\"" + String(repeating: "a", count: 4096) + "\"", .malformed),
    ] as [(String, SignatureError.Code)])
  func aFieldThatIsNotExactlyHawkIsRefused(_ field: String, _ code: SignatureError.Code) {
    #expect(refusal { () throws(SignatureError) in try Hawk.Authorization(field) } == code)
  }

  @Test func theSchemesLettersAndTheSpacesDoNotMatter() throws {
    let field = try SignedSample.hawk().authorization.replacing("Hawk ", with: "hAWK  ").replacing(", ", with: " ,\t")
    #expect(refusal { () throws(SignatureError) in try verify(field) } == nil)
  }

  @Test func anAnswerOfSomebodyElseIsRefused() throws {
    let signed = try SignedSample.hawk()
    let field = try verify(signed.authorization).serverAuthorization(for: SignedSample.answer)
    func check(_ field: String?, _ content: Hawk.Content = SignedSample.answer) -> SignatureError.Code? {
      refusal { () throws(SignatureError) in try signed.verify(serverAuthorization: field, content: content) }
    }
    #expect(check(field) == nil)
    #expect(check(nil) == .missingAttribute)
    #expect(check("Bearer x") == .unknownScheme)
    #expect(check(field + ", id=\"orchard-ci\"") == .unknownAttribute)
    #expect(check(field, .init(type: "application/json", body: Array("{}".utf8))) == .badHash)
    let another = try Hawk.SignedRequest(
      SignedSample.address(), content: SignedSample.content, credentials: SignedSample.credentials,
      timestamp: SignedSample.now, nonce: "another")
    let answerToAnother = try verify(another.authorization).serverAuthorization(for: SignedSample.answer)
    #expect(check(answerToAnother) == .badMAC)
    // The request's own signature is none of an answer.
    #expect(check(signed.authorization) == .unknownAttribute)
  }

  @Test(arguments: ["a\"b", "a\\b", "a\nb", "ä", ""])
  func whatCannotBeSentIsNotSigned(_ text: String) {
    #expect(
      refusal { () throws(SignatureError) in
        try Hawk.SignedRequest(
          RequestAddress(method: "GET", url: SignedSample.url), content: nil, credentials: SignedSample.credentials,
          timestamp: 1, ext: text)
      } == .invalidArgument)
    #expect(
      refusal { () throws(SignatureError) in
        try Hawk.SignedRequest(
          RequestAddress(method: "GET", url: SignedSample.url), content: nil,
          credentials: .init(id: text, secret: SignedSample.secret), timestamp: 1)
      } == .invalidArgument)
  }

  @Test func noncesDoNotComeAgain() throws {
    let nonces = Set((0..<1000).map { _ in Nonce.make() })
    #expect(nonces.count == 1000 && nonces.allSatisfy { $0.count == 16 })
  }

  @Test func aSecretShowsItselfNowhere() throws {
    var text = "\(SignedSample.credentials) \(String(reflecting: SignedSample.credentials)) "
    dump(try SignedSample.hawk(), to: &text)
    dump(SignedSample.secret, to: &text)
    #expect(!text.contains("wool") && !text.contains("119"))
  }
}
