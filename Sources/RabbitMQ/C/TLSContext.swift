import COpenSSL

/// What all sessions of one configuration share: the authorities to trust, and the client's certificate and key.
///
/// The files are read once, here; a context is good for any number of connections, one after the other or at once.
// Unchecked for OpenSSL's handles: sessions only count references to them, under locks, and nobody changes them later.
final class TLSContext: @unchecked Sendable {
  /// What it was made of, less the password.
  let configuration: TLSConfiguration
  let handle: OpaquePointer
  /// How sessions write to their sockets; it has to outlive them.
  let socketMethod: OpaquePointer

  /// - Throws: `invalidTLS`, with the file and OpenSSL's reason.
  init(_ configuration: TLSConfiguration) throws(RabbitMQError) {
    guard let socketMethod = copenssl_new_socket_method() else {
      throw RabbitMQError(.outOfMemory, "no memory for TLS")
    }
    ERR_clear_error()
    guard let handle = SSL_CTX_new(TLS_client_method()) else {
      BIO_meth_free(socketMethod)
      // Out of memory, or the system's openssl.cnf is broken.
      throw RabbitMQError(.invalidTLS, "OpenSSL does not start: \(OpenSSLFailure.first())")
    }
    self.handle = handle
    self.socketMethod = socketMethod
    self.configuration = {
      var configuration = configuration
      configuration.keyPassword = nil
      return configuration
    }()

    guard copenssl_set_minimum_version(handle, TLS1_2_VERSION) == 1 else {
      throw RabbitMQError(.invalidTLS, "the system's OpenSSL has no TLS 1.2")
    }
    copenssl_set_mode(handle, Int(SSL_MODE_ENABLE_PARTIAL_WRITE) | Int(SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER))
    // TLS 1.3 has none, and a peer could use it to make this end work.
    copenssl_forbid_renegotiation(handle)
    // Otherwise the system is asked twice for every record; with small ones this halves the work of reading.
    copenssl_set_read_ahead(handle)
    SSL_CTX_set_verify(handle, configuration.verification == .none ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nil)
    // The alert of a server that misses a certificate does not say so in TLS 1.2; that it asked for one does.
    SSL_CTX_set_cert_cb(
      handle,
      { session, _ in
        if let session { SSL_set_ex_data(session, 0, UnsafeMutableRawPointer(session)) }
        return 1
      }, nil)
    try loadAuthorities()
    try loadCertificate(keyPassword: configuration.keyPassword)
  }

  deinit {
    SSL_CTX_free(handle)
    BIO_meth_free(socketMethod)
  }

  private func loadAuthorities() throws(RabbitMQError) {
    guard configuration.verification != .none else { return }
    guard let file = configuration.authorityFile else {
      guard SSL_CTX_set_default_verify_paths(handle) == 1 else {
        throw RabbitMQError(.invalidTLS, "the system's store of authorities cannot be used: \(OpenSSLFailure.first())")
      }
      return
    }
    ERR_clear_error()
    guard SSL_CTX_load_verify_file(handle, file) == 1 else {
      throw invalid("no certificates of authorities in", file)
    }
  }

  private func loadCertificate(keyPassword: String?) throws(RabbitMQError) {
    guard let certificateFile = configuration.certificateFile else {
      guard let keyFile = configuration.keyFile else { return }
      throw RabbitMQError(.invalidTLS, "there is a private key, \(keyFile), but no certificate to go with it")
    }
    var request = PasswordRequest(password: keyPassword.map { [UInt8]($0.utf8) })
    let failure = withUnsafeMutablePointer(to: &request) { request -> RabbitMQError? in
      SSL_CTX_set_default_passwd_cb(handle) { buffer, capacity, _, request in
        guard let buffer, let request else { return -1 }
        return request.assumingMemoryBound(to: PasswordRequest.self).pointee
          .answer(into: UnsafeMutableRawBufferPointer(start: buffer, count: Int(capacity)))
      }
      SSL_CTX_set_default_passwd_cb_userdata(handle, request)
      // The callback stays, since OpenSSL's own asks on the terminal.
      defer { SSL_CTX_set_default_passwd_cb_userdata(handle, nil) }

      ERR_clear_error()
      guard SSL_CTX_use_certificate_chain_file(handle, certificateFile) == 1 else {
        return invalid("no certificate in", certificateFile)
      }
      let keyFile = configuration.keyFile ?? certificateFile
      guard SSL_CTX_use_PrivateKey_file(handle, keyFile, SSL_FILETYPE_PEM) == 1 else {
        let reason = OpenSSLFailure.first()
        if reason.isKeyMismatch { return mismatch(keyFile, certificateFile) }
        guard request.pointee.wasAsked else { return invalid("no private key in", keyFile) }
        return RabbitMQError(
          .invalidTLS,
          keyPassword == nil
            ? "the private key in \(keyFile) is encrypted, and there is no password for it"
            : "the password does not open the private key in \(keyFile): \(reason)")
      }
      // A key of another kind than the certificate's passes until here.
      return SSL_CTX_check_private_key(handle) == 1 ? nil : mismatch(keyFile, certificateFile)
    }
    if let failure { throw failure }
  }

  private func invalid(_ what: String, _ file: String) -> RabbitMQError {
    RabbitMQError(.invalidTLS, "\(what) \(file): \(OpenSSLFailure.first())")
  }

  private func mismatch(_ keyFile: String, _ certificateFile: String) -> RabbitMQError {
    RabbitMQError(.invalidTLS, "the private key in \(keyFile) is not that of the certificate in \(certificateFile)")
  }
}

/// What OpenSSL is told when it wants the password of a private key.
private struct PasswordRequest {
  let password: [UInt8]?
  var wasAsked = false

  /// Copies the password; returns its length, or -1 where there is none or it is too long.
  mutating func answer(into buffer: UnsafeMutableRawBufferPointer) -> Int32 {
    wasAsked = true
    guard let password, password.count <= buffer.count else { return -1 }
    buffer.copyBytes(from: password)
    return Int32(password.count)
  }
}
