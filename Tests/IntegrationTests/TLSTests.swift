import RabbitMQ
import Support
import Testing

/// AMQP over TLS with a real broker that asks nobody for a certificate.
@Suite struct TLSTests {
  private func url(_ parameters: KeyValuePairs<String, String>) async throws -> String {
    try await PrivateBroker.shared().tlsURL(parameters)
  }

  @Test func messagesGoAndComeBackToABrokerThatIsVerified() async throws {
    try await RoundTrip.run(over: url(["cacertfile": TestCertificates.shared().authority.certificate]))
  }

  @Test func messagesGoAndComeBackWithoutVerificationWhereThatIsAskedFor() async throws {
    try await RoundTrip.run(over: url(["verify": "verify_none"]))
  }

  @Test func aBrokerOfAnotherAuthorityIsRefused() async throws {
    let file = try await TestCertificates.shared().otherAuthority.certificate
    let error = await RoundTrip.refusal(of: try await url(["cacertfile": file]))
    #expect(error?.code == .certificateRefused)
    #expect(error?.message.contains("not signed by an authority in \(file)") == true)
  }

  @Test func aBrokerThatTheSystemDoesNotTrustIsRefused() async throws {
    let error = await RoundTrip.refusal(of: try await url([:]))
    #expect(error?.code == .certificateRefused)
    #expect(error?.message.contains("not signed by an authority that this system trusts") == true)
  }

  @Test func aBrokerOfAnotherNameIsRefused() async throws {
    let file = try await TestCertificates.shared().authority.certificate
    let error = await RoundTrip.refusal(
      of: try await url(["cacertfile": file, "server_name_indication": "elsewhere.test"]))
    #expect(error?.code == .certificateRefused)
    #expect(error?.message.contains("not for 'elsewhere.test'") == true)
  }

  @Test func thePortWithoutTLSIsToldApart() async throws {
    let port = try await PrivateBroker.shared().port
    let error = await RoundTrip.refusal(of: "amqps://drover:drover@127.0.0.1:\(port)/?verify=verify_none")
    #expect(error?.code == .tlsFailed)
    #expect(error?.message.contains("does not speak TLS on this port") == true)
  }
}
