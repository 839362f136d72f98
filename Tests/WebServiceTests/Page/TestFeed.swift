import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

@testable import WebService

/// A feed of changes in place of a real one: what a test changes is told to every page that listens.
final class TestFeed: RouteGroup {
  private struct State {
    var listeners: [AsyncStream<ByteBuffer>.Continuation] = []
    var change: (@Sendable (String) async throws -> String)?
    var hostile = ""
  }

  private let state = Mutex(State())

  /// What `/test/change?step=…` does; it returns the event's data.
  func onChange(_ change: @escaping @Sendable (String) async throws -> String) { state.withLock { $0.change = change } }

  /// The path that `/test/hostile` tells.
  var hostile: String {
    get { state.withLock { $0.hostile } }
    set { state.withLock { $0.hostile = newValue } }
  }

  /// Lets everybody go: a server that ends waits for its answers to end.
  func close() { state.withLock { $0.listeners }.forEach { $0.finish() } }

  func register(on router: Router<WebContext>) {
    router.get("events") { _, _ in
      let (stream, continuation) = AsyncStream.makeStream(of: ByteBuffer.self)
      continuation.yield(ByteBuffer(string: "retry: 100\n\n"))
      self.state.withLock { $0.listeners.append(continuation) }
      return Response(
        status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
        body: .init(asyncSequence: stream))
    }
    router.post("test/change") { request, _ in
      let step = QueryParameters(request.uri.query)["step"] ?? ""
      let (change, listeners) = self.state.withLock { ($0.change, $0.listeners) }
      let data = try await change?(step) ?? "{}"
      for listener in listeners {
        // Who is let go hears nothing, and has to find out by itself.
        if step == "drop" {
          listener.finish()
        } else {
          listener.yield(ByteBuffer(string: "event: changed\ndata: \(data)\n\n"))
        }
      }
      return Response(status: .ok)
    }
    router.get("test/hostile") { _, _ in
      var json = JSONWriter()
      json.string(self.hostile)
      return json.response()
    }
  }
}
