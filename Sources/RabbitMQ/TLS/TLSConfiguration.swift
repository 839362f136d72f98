/// How a connection with TLS knows the broker, and how the broker knows it.
///
/// Files are PEM and are read when the connection is opened; what is wrong with them is an error with code `invalidTLS`
/// that names the file. The protocol is TLS 1.2 at least (RFC 8996 retires what is older); which ciphers are allowed is
/// the system's policy for OpenSSL.
public struct TLSConfiguration: Sendable, Hashable {
  /// What is asked of the broker's certificate.
  public enum Verification: Sendable, Hashable {
    /// An authority that is trusted has signed it, it is valid now, and it holds the host's name.
    case full
    /// As `full`, whatever name it holds: for brokers that are reached by a name which their certificate lacks. Anybody
    /// who has a certificate of the same authority can pose as the broker.
    case chainOnly
    /// Nothing: anybody on the way can pose as the broker and read along. For trials only.
    case none
  }

  /// A file with the certificates of the authorities to trust; nil for the system's store, or for what the variables
  /// `SSL_CERT_FILE` and `SSL_CERT_DIR` name in its place.
  public var authorityFile: String?
  /// A file with the client's own certificate, followed by those of its issuers where there are any; nil for none.
  public var certificateFile: String?
  /// A file with the private key of ``certificateFile``; nil where the key lies in that same file.
  public var keyFile: String?
  /// What the private key is encrypted with, up to 1,024 bytes (OpenSSL's bound); nil for a plain one. No description
  /// or error repeats it. An encrypted key without a password is an error: nobody is asked on the terminal.
  public var keyPassword: String?
  /// What is asked of the broker's certificate.
  public var verification: Verification
  /// The name that the certificate has to hold, and that the broker is told (SNI) unless it is an address; nil for the
  /// endpoint's host.
  public var serverName: String?

  /// A configuration; the default asks for all that a certificate can prove, and trusts the system's authorities.
  public init(
    authorityFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil, keyPassword: String? = nil,
    verification: Verification = .full, serverName: String? = nil
  ) {
    self.authorityFile = authorityFile
    self.certificateFile = certificateFile
    self.keyFile = keyFile
    self.keyPassword = keyPassword
    self.verification = verification
    self.serverName = serverName
  }
}

extension TLSConfiguration: CustomStringConvertible, CustomReflectable {
  /// The settings, without those that are nil; never the password.
  public var description: String {
    (["verification: \(verification)"] + texts.compactMap { name, text in text.map { "\(name): \($0)" } })
      .joined(separator: ", ")
  }

  /// What `dump` and debuggers show: everything but the password.
  public var customMirror: Mirror {
    Mirror(self, children: [("verification", verification as Any)] + texts.map { ($0, $1 as Any) })
  }

  private var texts: [(String, String?)] {
    [
      ("authorityFile", authorityFile), ("certificateFile", certificateFile), ("keyFile", keyFile),
      ("serverName", serverName),
    ]
  }
}
