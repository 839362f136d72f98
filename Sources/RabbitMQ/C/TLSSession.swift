import COpenSSL
import Glibc

/// TLS over one connected socket that does not block.
///
/// For one thread at a time. The socket stays its owner's, who closes it after the session has gone.
///
/// No call waits; one that cannot go on says so, and ``pollEvents(reading:writing:)`` says what to wait for. The
/// direction need not be the call's own: a read can have to answer a change of keys first.
final class TLSSession {
  /// How far the handshake is.
  enum Progress: Equatable {
    case done, wantsRead, wantsWrite
  }

  enum ReadResult: Equatable {
    /// So many bytes are in the buffer.
    case bytes(Int)
    /// Nothing has arrived.
    case wouldBlock
    /// The peer sends no more. Whether it said so in TLS or only closed its socket is one: AMQP has a close of its own.
    case end
  }

  enum WriteResult: Equatable {
    /// So many bytes are taken, perhaps not all.
    case bytes(Int)
    /// None are taken. The next write has to begin with the same bytes, which may lie elsewhere and may have become
    /// more: some may be encrypted already.
    case wouldBlock
  }

  /// Whom this session is with, for errors.
  let endpoint: Endpoint
  /// The name that the certificate has to hold.
  let peerName: PeerName
  /// Keeps alive what the session writes with.
  let context: TLSContext
  let handle: OpaquePointer
  /// Whether the handshake is over.
  private(set) var isEstablished = false
  /// Whether the next read may have something to say without the socket: what has been taken from that no poll reports.
  private(set) var hasInput = false

  let descriptor: Int32
  private var readWaitsForWritable = false
  private var writeWaitsForReadable = false
  private var inputHasEnded = false
  /// What ended the session; OpenSSL must not be asked again then.
  private var failure: RabbitMQError?

  /// A client's session over `descriptor`, which is connected to `endpoint`; nothing is sent yet.
  ///
  /// - Throws: `invalidTLS` where the broker's name is none that a certificate can hold.
  init(_ context: TLSContext, descriptor: Int32, endpoint: Endpoint) throws(RabbitMQError) {
    self.context = context
    self.descriptor = descriptor
    self.endpoint = endpoint
    peerName = PeerName(context.configuration.serverName ?? endpoint.host)
    ERR_clear_error()
    guard let handle = SSL_new(context.handle) else {
      throw RabbitMQError(.outOfMemory, "no memory for TLS")
    }
    self.handle = handle
    guard let socket = copenssl_new_socket(context.socketMethod, descriptor) else {
      throw RabbitMQError(.outOfMemory, "no memory for TLS")
    }
    SSL_set_bio(handle, socket, socket)
    SSL_set_connect_state(handle)
    guard setPeerName() else {
      throw RabbitMQError(.invalidTLS, "\(endpoint): no certificate can hold the name '\(peerName.text)'")
    }
  }

  deinit {
    SSL_free(handle)
  }

  /// The version of TLS and the cipher that were agreed on, for logs.
  var summary: String {
    let cipher = SSL_CIPHER_get_name(SSL_get_current_cipher(handle)).map { String(cString: $0) }
    return "\(String(cString: SSL_get_version(handle))), \(cipher ?? "no cipher")"
  }

  /// Goes on with the handshake as far as it goes now.
  ///
  /// - Throws: `certificateRefused`, `clientCertificateRefused`, `connectionLost` or `tlsFailed`. With TLS 1.3 the
  ///   server's opinion of the client's certificate comes after the handshake, with the first read.
  func handshake() throws(RabbitMQError) -> Progress {
    if let failure { throw failure }
    if isEstablished { return .done }
    switch attempt({ SSL_do_handshake(handle) }) {
    case .done:
      isEstablished = true
      hasInput = true
      return .done
    case .wantsRead: return .wantsRead
    case .wantsWrite: return .wantsWrite
    case .ended: throw fail(with: closedInHandshake)
    case .broken(let error), .failed(let error): throw fail(with: error)
    }
  }

  /// Fills as much of `buffer` as there is input for.
  ///
  /// - Throws: `clientCertificateRefused` (see ``handshake()``), `connectionLost` or `tlsFailed`.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(RabbitMQError) -> ReadResult {
    var total = 0
    while total < buffer.count, !inputHasEnded, failure == nil {
      var count = 0
      switch attempt({ SSL_read_ex(handle, buffer.baseAddress?.advanced(by: total), buffer.count - total, &count) }) {
      case .done: total += count
      case .wantsRead: return wouldBlock(after: total, waitsForWritable: false)
      case .wantsWrite: return wouldBlock(after: total, waitsForWritable: true)
      case .ended: inputHasEnded = true
      case .broken(let error), .failed(let error): fail(with: error)
      }
    }
    // What ended the input is told once everything that came before it has been.
    hasInput = true
    readWaitsForWritable = false
    if total > 0 || buffer.isEmpty { return .bytes(total) }
    if let failure { throw failure }
    return .end
  }

  /// Hands over as much of `bytes` as the socket takes.
  ///
  /// - Throws: `clientCertificateRefused` (see ``handshake()``), `connectionLost` or `tlsFailed`.
  func write(_ bytes: UnsafeRawBufferPointer) throws(RabbitMQError) -> WriteResult {
    if let failure { throw failure }
    var total = 0
    writeWaitsForReadable = false
    while total < bytes.count {
      var count = 0
      switch attempt({ SSL_write_ex(handle, bytes.baseAddress?.advanced(by: total), bytes.count - total, &count) }) {
      case .done: total += count
      case .wantsRead:
        writeWaitsForReadable = true
        return total > 0 ? .bytes(total) : .wouldBlock
      case .wantsWrite: return total > 0 ? .bytes(total) : .wouldBlock
      case .ended: throw lost("the peer has closed the connection")
      case .broken(let error): throw alertBehindBrokenWrite() ?? error
      case .failed(let error): throw fail(with: error)
      }
    }
    return .bytes(total)
  }

  /// The events to poll the socket for, for who wants to go on reading, writing or both.
  func pollEvents(reading: Bool, writing: Bool) -> Int16 {
    var events: Int32 = 0
    if reading { events |= readWaitsForWritable ? POLLOUT : POLLIN }
    if writing { events |= writeWaitsForReadable ? POLLIN : POLLOUT }
    return Int16(events)
  }

  /// Tells the peer that nothing more will come, if the socket takes that right now; it is no error if not.
  func shutdown() {
    guard isEstablished, failure == nil else { return }
    ERR_clear_error()
    SSL_shutdown(handle)
  }

  private func setPeerName() -> Bool {
    let parameters = SSL_get0_param(handle)
    let verifiesName = context.configuration.verification == .full
    switch peerName {
    case .address(let address):
      return !verifiesName || X509_VERIFY_PARAM_set1_ip_asc(parameters, address) == 1
    case .host(let name):
      // An empty name would not be held against anything.
      guard !name.isEmpty, !name.utf8.contains(0) else { return false }
      guard copenssl_set_server_name(handle, name) == 1 else { return false }
      guard verifiesName else { return true }
      // The subject's common name is no host name (RFC 9525, 2), and a wildcard stands for a whole label.
      X509_VERIFY_PARAM_set_hostflags(
        parameters, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT))
      return X509_VERIFY_PARAM_set1_host(parameters, name, name.utf8.count) == 1
    }
  }

  private enum Outcome {
    case done, wantsRead, wantsWrite
    /// The peer has closed its side.
    case ended
    /// The socket failed.
    case broken(RabbitMQError)
    /// TLS failed; OpenSSL allows no further call.
    case failed(RabbitMQError)
  }

  private func attempt(_ call: () -> Int32) -> Outcome {
    // SSL_get_error looks at the thread's queue, where another session may have left something.
    ERR_clear_error()
    let status = call()
    let systemError = errno
    if status > 0 { return .done }
    switch SSL_get_error(handle, status) {
    case SSL_ERROR_WANT_READ: return .wantsRead
    case SSL_ERROR_WANT_WRITE: return .wantsWrite
    case SSL_ERROR_ZERO_RETURN: return .ended
    case SSL_ERROR_SYSCALL:
      return .broken(lost(systemError == 0 ? "the connection broke" : String(cString: strerror(systemError))))
    default:
      let failure = OpenSSLFailure.first()
      return failure.tlsReason == SSL_R_UNEXPECTED_EOF_WHILE_READING ? .ended : .failed(error(for: failure))
    }
  }

  private func wouldBlock(after total: Int, waitsForWritable: Bool) -> ReadResult {
    hasInput = false
    readWaitsForWritable = waitsForWritable
    return total > 0 ? .bytes(total) : .wouldBlock
  }

  /// A server that refuses the client sends an alert and closes: a write can find the closed socket before any read has
  /// found the alert, which is the reason to tell.
  private func alertBehindBrokenWrite() -> RabbitMQError? {
    var byte: UInt8 = 0
    var count = 0
    guard case .failed(let error) = attempt({ SSL_peek_ex(handle, &byte, 1, &count) }) else { return nil }
    return fail(with: error)
  }

  @discardableResult
  private func fail(with error: RabbitMQError) -> RabbitMQError {
    failure = error
    return error
  }
}
