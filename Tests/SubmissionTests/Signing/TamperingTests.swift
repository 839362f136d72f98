import Foundation
import Support
import Testing

@testable import Submission

/// Any byte of a signed request that is changed, removed or added makes it another request, which is refused.
///
/// What is left is what means the same by the protocols themselves, and is told apart by reading it: the letters of the
/// scheme and the spaces of a field, and the spelling of an escape in a query.
@Suite struct TamperingTests {
  /// Every way to change one byte at every place, or as many as are asked for.
  private static func variants(of text: String, _ generator: inout SeededGenerator) -> [String] {
    let bytes = Array(text.utf8)
    var variants: [[UInt8]] = []
    for index in bytes.indices {
      for _ in 0..<6 {
        var changed = bytes
        changed[index] ^= UInt8.random(in: 1...127, using: &generator)
        variants.append(changed)
        changed = bytes
        changed.insert(UInt8.random(in: 0x20...0x7E, using: &generator), at: index)
        variants.append(changed)
      }
      var removed = bytes
      removed.remove(at: index)
      variants.append(removed)
      if index + 1 < bytes.count {
        var swapped = bytes
        swapped.swapAt(index, index + 1)
        variants.append(swapped)
      }
    }
    return variants.filter { $0 != bytes }.map { String(decoding: $0, as: UTF8.self) }
  }

  private static func generator() -> SeededGenerator {
    let seed = ProcessInfo.processInfo.environment["DROVER_SEED"].flatMap { UInt64($0) } ?? .random(in: 1...UInt64.max)
    print("seed of the changed signatures: \(seed)")
    return SeededGenerator(seed: seed)
  }

  private func accepts(
    _ field: String, method: String = "POST", target: String = "/api/project/orchard/jobs/",
    host: String = "example.org",
    type: String = "application/json", body: [UInt8] = SignedSample.content.body
  ) -> Bool {
    let address = try? RequestAddress(method: method, target: target, host: host, isSecure: true)
    // The id is not among what is signed: it is kept by having a secret of its own.
    guard let address, let authorization = try? Hawk.Authorization(field), authorization.id == "orchard-ci" else {
      return false
    }
    return
      (try? authorization.verify(
        address, content: .init(type: type, body: body), secret: SignedSample.secret, now: SignedSample.now)) != nil
  }

  @Test func noByteOfARequestSignedWithHawkCanBeChanged() throws {
    var generator = Self.generator()
    let signed = try Hawk.SignedRequest(
      SignedSample.address(), content: SignedSample.content, credentials: SignedSample.credentials,
      timestamp: SignedSample.now, nonce: "j4h3g2", ext: "a, b", app: "shears", dlg: "dog")
    let field = signed.authorization
    #expect(accepts(field))
    let names: Set = ["id", "ts", "nonce", "hash", "ext", "mac", "app", "dlg"]
    func meaning(_ field: String) -> [String?]? {
      (try? HawkAttributes(field, allowed: names)).map { attributes in names.sorted().map { attributes[$0] } }
    }
    for changed in Self.variants(of: field, &generator) where accepts(changed) {
      #expect(meaning(changed) == meaning(field), "\(changed)")
    }
    for changed in Self.variants(of: "POST", &generator) where changed.uppercased() != "POST" {
      #expect(!accepts(field, method: changed), "\(changed)")
    }
    for changed in Self.variants(of: "/api/project/orchard/jobs/", &generator) {
      #expect(!accepts(field, target: changed), "\(changed)")
    }
    for changed in Self.variants(of: "example.org", &generator) where changed.lowercased() != "example.org" {
      #expect(!accepts(field, host: changed), "\(changed)")
    }
    func mediaType(_ text: String) -> String {
      text.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
    }
    for changed in Self.variants(of: "application/json", &generator) where mediaType(changed) != "application/json" {
      #expect(!accepts(field, type: changed), "\(changed)")
    }
    for changed in Self.variants(of: String(decoding: SignedSample.content.body, as: UTF8.self), &generator) {
      #expect(!accepts(field, body: Array(changed.utf8)), "\(changed)")
    }
  }

  @Test func noByteOfAnAnswerSignedWithHawkCanBeChanged() throws {
    var generator = Self.generator()
    let signed = try SignedSample.hawk()
    let accepted = try Hawk.Authorization(signed.authorization).verify(
      SignedSample.address(), content: SignedSample.content, secret: SignedSample.secret, now: SignedSample.now)
    let field = try accepted.serverAuthorization(for: SignedSample.answer, ext: "e")
    func accepts(_ field: String, _ content: Hawk.Content = SignedSample.answer) -> Bool {
      (try? signed.verify(serverAuthorization: field, content: content)) != nil
    }
    func meaning(_ field: String) -> [String?]? {
      (try? HawkAttributes(field, allowed: ["mac", "hash", "ext"])).map { [$0["mac"], $0["hash"], $0["ext"]] }
    }
    #expect(accepts(field))
    for changed in Self.variants(of: field, &generator) where accepts(changed) {
      #expect(meaning(changed) == meaning(field), "\(changed)")
    }
    for changed in Self.variants(of: String(decoding: SignedSample.answer.body, as: UTF8.self), &generator) {
      #expect(!accepts(field, .init(type: "application/json", body: Array(changed.utf8))), "\(changed)")
    }
  }

  @Test func noByteOfARequestSignedWithOAuthCanBeChanged() throws {
    var generator = Self.generator()
    let target = try OAuthTests.signed(SignedSample.url + "?a=b%20c")
    func accepts(
      _ target: String, method: String = "POST", host: String = "example.org",
      body: [UInt8] = SignedSample.content.body
    ) -> Bool {
      guard
        let address = try? RequestAddress(method: method, target: target, host: host, isSecure: true),
        let authorization = try? OAuth.Authorization(address)
      else { return false }
      return
        (try? authorization.verify(body: body, secret: OAuthTests.credentials.secret, now: SignedSample.now)) != nil
    }
    func meaning(_ target: String) -> [String]? {
      guard let address = try? OAuthTests.address(target), let parameters = try? QueryParameters(address.query) else {
        return nil
      }
      return [String(address.path)] + parameters.list.map { "\($0.name)=\($0.value)" }.sorted()
    }
    #expect(accepts(target))
    for changed in Self.variants(of: target, &generator) where accepts(changed) {
      #expect(meaning(changed) == meaning(target), "\(changed)")
    }
    for changed in Self.variants(of: "POST", &generator) where changed.uppercased() != "POST" {
      #expect(!accepts(target, method: changed), "\(changed)")
    }
    for changed in Self.variants(of: "example.org", &generator) where changed.lowercased() != "example.org" {
      #expect(!accepts(target, host: changed), "\(changed)")
    }
    for changed in Self.variants(of: String(decoding: SignedSample.content.body, as: UTF8.self), &generator) {
      #expect(!accepts(target, body: Array(changed.utf8)), "\(changed)")
    }
  }
}
