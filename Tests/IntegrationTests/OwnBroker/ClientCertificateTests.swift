import Logging
import RabbitMQ
import Support
import Testing

extension OwnBrokerTests {
  /// A broker that lets nobody in without a certificate of its authority.
  @Suite struct ClientCertificateTests {
    /// The URL for a client with this certificate.
    private func url(_ identity: KeyPath<TestCertificates, TestCertificates.Identity>) async throws -> String {
      let certificates = try await TestCertificates.shared()
      let identity = certificates[keyPath: identity]
      return try await OwnBrokerTests.broker().tlsURL([
        "cacertfile": certificates.authority.certificate, "certfile": identity.certificate, "keyfile": identity.key,
      ])
    }

    @Test func messagesGoAndComeBackWithACertificate() async throws {
      try await RoundTrip.run(over: url(\.client))
    }

    @Test func aMissingCertificateIsAnErrorOfItsOwn() async throws {
      let certificates = try await TestCertificates.shared()
      let url = try await OwnBrokerTests.broker().tlsURL(["cacertfile": certificates.authority.certificate])
      let error = await RoundTrip.refusal(of: url)
      #expect(error?.code == .clientCertificateRefused)
      #expect(error?.message.hasSuffix("the broker demands a client certificate, and none is configured") == true)
    }

    @Test func aStrangersCertificateIsRefusedAndNamed() async throws {
      let error = await RoundTrip.refusal(of: try await url(\.stranger))
      #expect(error?.code == .clientCertificateRefused)
      #expect(error?.message.contains(try await TestCertificates.shared().stranger.certificate) == true)
    }

    @Test func theBrokersOwnCertificateIsStillChecked() async throws {
      let error = await RoundTrip.refusal(of: try await url(\.client) + "&server_name_indication=elsewhere.test")
      #expect(error?.code == .certificateRefused)
    }
  }
}
