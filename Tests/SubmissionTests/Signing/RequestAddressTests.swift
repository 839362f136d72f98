import Testing

@testable import Submission

@Suite struct RequestAddressTests {
  @Test(
    arguments: [
      ("http://Example.ORG", "example.org", 80, "/"), ("https://example.org?a=b", "example.org", 443, "/?a=b"),
      ("HTTP://example.org:8080/a%20b/?#x", "example.org", 8080, "/a%20b/?"), ("http://[::1]:81/", "::1", 81, "/"),
      ("https://[2001:DB8::2]/x;y", "2001:db8::2", 443, "/x;y"), ("http://127.0.0.1:65535/", "127.0.0.1", 65535, "/"),
    ])
  func aURLIsTakenApart(_ url: String, _ host: String, _ port: Int, _ target: String) throws {
    let address = try RequestAddress(method: "post", url: url)
    #expect(address.method == "POST" && address.host == host && address.port == port && address.target == target)
  }

  @Test(
    arguments: [
      "", "example.org", "ftp://example.org/", "http://", "http:///a", "http://user:secret@example.org/",
      "http://example.org:0/", "http://example.org:65536/", "http://example.org:x/", "http://example.org:/",
      "http://exa mple.org/", "http://example.org/a b", "http://example.org/ä", "http://a:b:80/", "http://[::1/",
    ])
  func whatIsNoURLIsRefused(_ url: String) {
    #expect(refusal { () throws(SignatureError) in try RequestAddress(method: "GET", url: url) } == .invalidAddress)
  }

  @Test func aRequestThatArrivesHasTheAddressThatItWasSentTo() throws {
    for url in ["https://example.org/a?b=c", "http://example.org:8000/a?b=c", "https://[::1]:8443/a?b=c"] {
      let sent = try RequestAddress(method: "GET", url: url)
      let arrived = try RequestAddress(
        method: "GET", target: "/a?b=c", host: sent.authority, isSecure: url.hasPrefix("https"))
      #expect(sent == arrived)
    }
  }

  @Test func aRequestLineThatCannotBeSignedIsRefused() {
    for (method, target, host) in [
      ("GET", "*", "h"), ("", "/", "h"), ("G T", "/", "h"), ("GET", "/", ""), ("GET", "/\n", "h"),
    ] {
      #expect(
        refusal { () throws(SignatureError) in
          try RequestAddress(method: method, target: target, host: host, isSecure: false)
        } == .invalidAddress)
    }
  }
}
