import Foundation
import Support
import Testing

@testable import RabbitMQ

@Suite struct TLSContextTests {
  /// What making a context of the configuration throws.
  func refusal(_ configuration: TLSConfiguration, sourceLocation: SourceLocation = #_sourceLocation) -> String {
    let error = #expect(throws: RabbitMQError.self, sourceLocation: sourceLocation) { try TLSContext(configuration) }
    #expect(error?.code == .invalidTLS, sourceLocation: sourceLocation)
    #expect(error?.isRetriable == false, sourceLocation: sourceLocation)
    #expect(error?.description.contains("\n") == false, sourceLocation: sourceLocation)
    return error?.description ?? ""
  }

  @Test func aFileThatIsMissingIsNamed() async throws {
    let certificates = try await TestCertificates.shared()
    let (certificate, key) = (certificates.client.certificate, certificates.client.key)
    let missing = "/nowhere/at/all.pem"
    for configuration in [
      TLSConfiguration(authorityFile: missing), TLSConfiguration(certificateFile: missing, keyFile: key),
      TLSConfiguration(certificateFile: certificate, keyFile: missing),
    ] {
      let text = refusal(configuration)
      #expect(text.contains(missing) && text.contains("No such file"), "\(text)")
    }
  }

  @Test func aFileThatIsNoPEMIsNamed() async throws {
    let certificates = try await TestCertificates.shared()
    let file = certificates.folder.appending(path: "plain-\(UUID().uuidString).txt").path
    try "this is no certificate\n".write(toFile: file, atomically: true, encoding: .utf8)
    for configuration in [
      TLSConfiguration(authorityFile: file), TLSConfiguration(certificateFile: file),
      TLSConfiguration(certificateFile: certificates.client.certificate, keyFile: file),
      TLSConfiguration(authorityFile: certificates.folder.path),
    ] {
      let text = refusal(configuration)
      #expect(text.contains(certificates.folder.path), "\(text)")
    }
  }

  @Test func aKeyInPlaceOfAuthoritiesIsRefused() async throws {
    let certificates = try await TestCertificates.shared()
    #expect(refusal(TLSConfiguration(authorityFile: certificates.client.key)).contains(certificates.client.key))
  }

  @Test func aKeyOfAnotherCertificateIsRefused() async throws {
    let certificates = try await TestCertificates.shared()
    for key in [certificates.stranger.key, certificates.keyOfAnotherKind] {
      let text = refusal(TLSConfiguration(certificateFile: certificates.client.certificate, keyFile: key))
      #expect(text.contains("is not that of the certificate") && text.contains(key), "\(text)")
    }
  }

  @Test func aKeyAloneIsRefused() async throws {
    let key = try await TestCertificates.shared().client.key
    #expect(refusal(TLSConfiguration(keyFile: key)).contains("no certificate"))
  }

  @Test func theKeyMayLieInTheCertificatesFile() async throws {
    let certificates = try await TestCertificates.shared()
    let both = certificates.folder.appending(path: "both-\(UUID().uuidString).pem").path
    let text = try [certificates.client.certificate, certificates.client.key].map {
      try String(contentsOfFile: $0, encoding: .utf8)
    }
    try text.joined().write(toFile: both, atomically: true, encoding: .utf8)
    _ = try TLSContext(TLSConfiguration(certificateFile: both))
    #expect(refusal(TLSConfiguration(certificateFile: certificates.client.certificate)).contains("no private key"))
  }

  @Test func anEncryptedKeyIsOpenedByItsPasswordAndNobodyIsAsked() async throws {
    let certificates = try await TestCertificates.shared()
    var configuration = TLSConfiguration(
      certificateFile: certificates.client.certificate, keyFile: certificates.encryptedKey)
    #expect(refusal(configuration).contains("there is no password"))
    for wrong in ["guess", "", String(repeating: "long", count: 1000)] {
      configuration.keyPassword = wrong
      let text = refusal(configuration)
      #expect(text.contains("password does not open") && text.contains(certificates.encryptedKey), "\(text)")
      #expect(!text.contains("guess"))
    }
    configuration.keyPassword = TestCertificates.password
    #expect(try TLSContext(configuration).configuration.keyPassword == nil)
  }

  @Test func nothingThatIsPrintedHoldsThePassword() {
    let configuration = TLSConfiguration(
      authorityFile: "/a.pem", certificateFile: "/c.pem", keyPassword: "secret", serverName: "broker.example")
    var dumped = ""
    dump(configuration, to: &dumped)
    for text in ["\(configuration)", String(reflecting: configuration), "\([configuration])", dumped] {
      #expect(!text.contains("secret"))
      #expect(text.contains("/a.pem") && text.contains("/c.pem") && text.contains("broker.example"))
    }
  }
}
