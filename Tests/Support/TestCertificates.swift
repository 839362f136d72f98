public import Foundation

/// Authorities and certificates of this process's tests, good and bad, made by the `openssl` program.
public struct TestCertificates: Sendable {
  /// A certificate and its private key, as PEM files.
  public struct Identity: Sendable {
    /// The file with the certificate.
    public let certificate: String
    /// The file with the key.
    public let key: String
  }

  /// The password of ``encryptedKey``.
  public static let password = "open sesame"

  /// The folder that all files lie in.
  public let folder: URL
  /// The authority that has signed everything but ``stranger``.
  public let authority: Identity
  /// An authority of nobody but ``stranger``.
  public let otherAuthority: Identity
  /// A server's, for `localhost`, 127.0.0.1 and ::1.
  public let server: Identity
  /// A server's, for `elsewhere.test`.
  public let elsewhere: Identity
  /// A server's, for no name; but its common name, which once was used for that, is `localhost`.
  public let nameless: Identity
  /// A server's, for `*.whole.test` and `part*.broker.test`.
  public let wildcard: Identity
  /// A server's as ``server``, that was valid on the first of January 2020.
  public let expired: Identity
  /// A server's as ``server``, that will be valid from 2090 on.
  public let notYetValid: Identity
  /// A client's.
  public let client: Identity
  /// A client's of ``otherAuthority``.
  public let stranger: Identity
  /// The key of ``client``, encrypted with ``password``.
  public let encryptedKey: String
  /// A private key of RSA, where all the others lie on an elliptic curve; no certificate goes with it.
  public let keyOfAnotherKind: String

  /// The certificates of this process, made when first asked for.
  public static func shared() async throws -> TestCertificates { try await making.value }

  private static let making = Task { try await TestCertificates() }

  private init() async throws {
    folder = try Repository.temporaryFolder()
    let maker = try Maker(folder: folder)
    authority = try await maker.authority("authority")
    otherAuthority = try await maker.authority("other-authority")
    let names = "DNS:localhost,IP:127.0.0.1,IP:::1"
    server = try await maker.server("server", names: names)
    elsewhere = try await maker.server("elsewhere", names: "DNS:elsewhere.test")
    nameless = try await maker.identity(
      "nameless", extensions: "extendedKeyUsage = serverAuth", commonName: "localhost")
    wildcard = try await maker.server("wildcard", names: "DNS:*.whole.test,DNS:part*.broker.test")
    expired = try await maker.server("expired", names: names, from: "20200101000000Z", to: "20200102000000Z")
    notYetValid = try await maker.server("not-yet-valid", names: names, from: "20900101000000Z", to: "20910101000000Z")
    client = try await maker.identity("client", extensions: "extendedKeyUsage = clientAuth")
    stranger = try await maker.identity("stranger", of: "other-authority", extensions: "extendedKeyUsage = clientAuth")
    encryptedKey = maker.path("client-encrypted-key.pem")
    try await maker.openssl(
      "pkcs8", "-topk8", "-in", client.key, "-out", encryptedKey, "-passout", "pass:\(Self.password)")
    keyOfAnotherKind = maker.path("rsa-key.pem")
    try await maker.openssl("genrsa", "-out", keyOfAnotherKind, "2048")
  }

  /// The lines of `rabbitmq.conf` with which a ``PrivateBroker`` listens with TLS as well, and shows ``server``.
  ///
  /// - Parameter demandsClientCertificate: whether a client of ``authority`` alone gets in.
  public func brokerSettings(demandsClientCertificate: Bool) -> String {
    """
    ssl_options.cacertfile = \(authority.certificate)
    ssl_options.certfile = \(server.certificate)
    ssl_options.keyfile = \(server.key)
    ssl_options.verify = \(demandsClientCertificate ? "verify_peer" : "verify_none")
    ssl_options.fail_if_no_peer_cert = \(demandsClientCertificate)

    """
  }
}

/// Runs `openssl` as an authority does.
private struct Maker {
  let folder: URL
  private let settings: String

  init(folder: URL) throws {
    self.folder = folder
    settings = folder.appending(path: "openssl.cnf").path
    try Data().write(to: folder.appending(path: "index.txt"))
    // An authority's register is the one way to choose both dates in OpenSSL 3.0.
    try """
    [req]
    distinguished_name = any
    [ca]
    default_ca = register
    [register]
    database = \(folder.path)/index.txt
    new_certs_dir = \(folder.path)
    rand_serial = yes
    unique_subject = no
    default_md = sha256
    policy = any
    [any]
    commonName = supplied

    """.write(toFile: settings, atomically: true, encoding: .utf8)
  }

  func path(_ name: String) -> String { folder.appending(path: name).path }

  func openssl(_ arguments: String...) async throws {
    let result = try await Program(URL(filePath: "/usr/bin/env"), ["openssl"] + arguments).result()
    guard result.status == 0 else {
      throw DeadlinePassed(description: "openssl \(arguments[0]) failed: \(result.errors)")
    }
  }

  func authority(_ name: String) async throws -> TestCertificates.Identity {
    let identity = files(name)
    try await openssl(
      "req", "-x509", "-config", settings, "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
      "-subj", "/CN=\(name)", "-days", "3650", "-keyout", identity.key, "-out", identity.certificate,
      "-addext", "basicConstraints = critical,CA:true", "-addext", "keyUsage = critical,keyCertSign,cRLSign")
    return identity
  }

  func server(
    _ name: String, names: String, from: String = "20200101000000Z", to: String = "20800101000000Z"
  ) async throws -> TestCertificates.Identity {
    try await identity(
      name, extensions: "extendedKeyUsage = serverAuth\nsubjectAltName = \(names)", from: from, to: to)
  }

  func identity(
    _ name: String, of authority: String = "authority", extensions: String, commonName: String? = nil,
    from: String = "20200101000000Z", to: String = "20800101000000Z"
  ) async throws -> TestCertificates.Identity {
    let identity = files(name)
    let issuer = files(authority)
    let request = path("\(name).csr")
    let extensionFile = path("\(name).ext")
    try "basicConstraints = CA:false\n\(extensions)\n".write(toFile: extensionFile, atomically: true, encoding: .utf8)
    try await openssl(
      "req", "-new", "-config", settings, "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
      "-subj", "/CN=\(commonName ?? name)", "-keyout", identity.key, "-out", request)
    try await openssl(
      "ca", "-batch", "-notext", "-config", settings, "-cert", issuer.certificate, "-keyfile", issuer.key,
      "-in", request, "-out", identity.certificate, "-extfile", extensionFile, "-startdate", from, "-enddate", to)
    return identity
  }

  private func files(_ name: String) -> TestCertificates.Identity {
    .init(certificate: path("\(name).pem"), key: path("\(name)-key.pem"))
  }
}
