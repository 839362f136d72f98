import HummingbirdCore
import HummingbirdTLS
import NIOSSL

/// What a server shows to those who speak TLS with it, as PEM files.
public struct ServerCertificate: Sendable, Hashable {
  /// The file with the server's certificate, and those between it and its authority behind it.
  public var chain: String
  /// The file with the private key, which is not encrypted.
  public var key: String

  /// A certificate and its key; the files are read when the server begins to listen.
  public init(chain: String, key: String) {
    self.chain = chain
    self.key = key
  }

  /// HTTP over TLS 1.2 or later with it.
  ///
  /// - Throws: ``WebServiceError`` where a file cannot be read, or the two do not belong together.
  func server(_ http: HTTPServerBuilder) throws(WebServiceError) -> HTTPServerBuilder {
    let certificates: [NIOSSLCertificate]
    let privateKey: NIOSSLPrivateKey
    do { certificates = try NIOSSLCertificate.fromPEMFile(chain) } catch {
      throw .noCertificate("\(chain) cannot be read as a certificate (PEM)")
    }
    guard !certificates.isEmpty else { throw .noCertificate("\(chain) has no certificate (PEM)") }
    do { privateKey = try NIOSSLPrivateKey(file: key, format: .pem) } catch {
      throw .noCertificate("\(key) cannot be read as a private key (PEM, not encrypted)")
    }
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(privateKey))
    configuration.minimumTLSVersion = .tlsv12
    do {
      // Whether they fit is known once a context is made of them.
      _ = try NIOSSLContext(configuration: configuration)
      return try .tls(http, tlsConfiguration: configuration)
    } catch {
      throw .noCertificate("\(key) is not the key of the certificate in \(chain)")
    }
  }
}
