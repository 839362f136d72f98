import NIOCore
import NIOPosix

@testable import WebService

/// A connection on which a test writes what it likes.
enum RawConnection {
  /// Sends pieces, one after every pause, and reads until the server closes the connection.
  ///
  /// - Parameter pause: before each piece but the first.
  static func answers(
    from service: TestService, to pieces: [String], pause: Duration = .zero
  ) async throws -> String {
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .connect(host: service.address.host, port: service.address.port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
            wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          for (number, piece) in pieces.enumerated() {
            if number > 0 { try await Task.sleep(for: pause) }
            // The server may have had enough.
            do { try await outbound.write(ByteBuffer(string: piece)) } catch { return }
          }
        }
        var text = ""
        do {
          for try await bytes in inbound { text += String(buffer: bytes) }
        } catch is IOError {
          // Closed while something was on its way to it.
        }
        group.cancelAll()
        return text
      }
    }
  }
}
