import Foundation
import Logging
import Support
import Testing

@testable import WebService

@Suite struct TLSTests {
  @Test func aServerWithACertificateSpeaksHTTPS() async throws {
    let certificates = try await TestCertificates.shared()
    let certificate = ServerCertificate(chain: certificates.server.certificate, key: certificates.server.key)
    try await TestService.run(.sqlite, .init(certificate: certificate)) { service in
      let url = "https://localhost:\(service.address.port)/health/live"
      let answer = try await WebClient.send("GET", url, trusting: certificates.authority.certificate)
      #expect(answer.status == 200 && answer.body == #"{"status":"ok"}"#)
      await #expect(throws: (any Error).self) {
        try await WebClient.send("GET", url, trusting: certificates.otherAuthority.certificate)
      }
      await #expect(throws: (any Error).self) { try await service.get("/health/live") }
      for (version, isTaken) in [("-tls1_1", false), ("-tls1_2", true), ("-tls1_3", true)] {
        let openssl = try Program(
          URL(filePath: "/usr/bin/openssl"),
          [
            "s_client", "-brief", "-verify_return_error", "-CAfile", certificates.authority.certificate, version,
            "-connect", "localhost:\(service.address.port)",
          ])
        #expect(try await (openssl.result().status == 0) == isTaken, "\(version)")
      }
    }
  }

  @Test func filesThatAreNoCertificateAreNamed() async throws {
    let certificates = try await TestCertificates.shared()
    let (chain, key) = (certificates.server.certificate, certificates.server.key)
    let cases = [
      (ServerCertificate(chain: "/nowhere.pem", key: key), "/nowhere.pem cannot be read as a certificate"),
      (ServerCertificate(chain: key, key: key), "\(key) "),
      (ServerCertificate(chain: chain, key: chain), "\(chain) cannot be read as a private key"),
      (ServerCertificate(chain: chain, key: "/nowhere.key"), "/nowhere.key cannot be read as a private key"),
      (ServerCertificate(chain: chain, key: certificates.client.key), "\(certificates.client.key) is not the key of"),
    ]
    for (certificate, words) in cases {
      let error = await #expect(throws: WebServiceError.self) {
        try await TestService.run(.sqlite, .init(certificate: certificate)) { _ in }
      }
      #expect(error?.description.hasPrefix(words) == true, "\(error?.description ?? "")")
    }
  }
}
