import Support
import Testing

/// What asks for a broker with other settings, or harms it: a second one, which demands a client certificate for TLS.
///
/// One test runs after the other, and leaves the broker as it was.
@Suite(.serialized) struct OwnBrokerTests {
  static func broker() async throws -> FaultableBroker { try await starting.value }

  private static let starting = Task {
    try await FaultableBroker(
      settings: TestCertificates.shared().brokerSettings(demandsClientCertificate: true))
  }
}
