import Dispatch
import Glibc
import Synchronization

/// Opens connections without keeping anybody's thread: names are looked up and handshakes of TLS made on one of Dispatch's.
enum Dialer {
  /// A stream to `endpoint`, within its connection timeout even where the system's name lookup takes longer.
  ///
  /// - Throws: ``RabbitMQError``: `unreachable`, `timedOut`, or what TLS did not accept; `CancellationError` where the
  ///   calling task was cancelled.
  static func dial(_ endpoint: Endpoint) async throws -> DialedStream {
    let call = Call()
    let deadline = ContinuousClock.now + endpoint.connectionTimeout
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        guard call.begin(continuation) else { return }
        DispatchQueue.global().async {
          let result: Result<DialedStream, any Error>
          do {
            result = .success(DialedStream(try stream(to: endpoint, until: deadline)))
          } catch {
            result = .failure(error)
          }
          call.end(result)
        }
        let (seconds, attoseconds) = endpoint.connectionTimeout.components
        DispatchQueue.global().asyncAfter(deadline: .now() + Double(seconds) + Double(attoseconds) / 1e18 + 0.25) {
          call.end(
            .failure(RabbitMQError(.unreachable, "no connection to \(endpoint): it took too long", isRetriable: true)))
        }
      }
    } onCancel: {
      call.end(.failure(CancellationError()))
    }
  }

  private static func stream(
    to endpoint: Endpoint, until deadline: ContinuousClock.Instant
  ) throws(RabbitMQError) -> any ByteStream {
    guard let configuration = endpoint.tls else {
      return PlainStream(descriptor: try SocketConnector.connect(to: endpoint, timeout: deadline - .now))
    }
    // Read anew for each connection: certificates are renewed while a service runs.
    let context = try TLSContext(configuration)
    let descriptor = try SocketConnector.connect(to: endpoint, timeout: deadline - .now)
    do {
      let session = try TLSSession(context, descriptor: descriptor, endpoint: endpoint)
      try session.handshake(until: deadline)
      return TLSStream(session)
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// One attempt, which ends once: with a stream, an error, or because nobody waits for it any more.
  private final class Call: Sendable {
    private enum State {
      case idle
      case waiting(CheckedContinuation<DialedStream, any Error>)
      case ended
    }

    private let state = Mutex(State.idle)

    /// False where it was cancelled before it began.
    func begin(_ continuation: CheckedContinuation<DialedStream, any Error>) -> Bool {
      let isEnded = state.withLock { state in
        if case .ended = state { return true }
        state = .waiting(continuation)
        return false
      }
      if isEnded { continuation.resume(throwing: CancellationError()) }
      return !isEnded
    }

    /// A stream that comes too late closes itself.
    func end(_ result: Result<DialedStream, any Error>) {
      let waiting = state.withLock { state -> CheckedContinuation<DialedStream, any Error>? in
        defer { state = .ended }
        if case .waiting(let continuation) = state { return continuation } else { return nil }
      }
      waiting?.resume(with: result)
    }
  }
}

/// A stream on its way from the thread that dialed to the connection's.
// Unchecked, because only one thread ever holds it: the one that made it lets go before the other takes it.
struct DialedStream: @unchecked Sendable {
  let stream: any ByteStream
  init(_ stream: any ByteStream) { self.stream = stream }
}
