import HTTPTypes
import Hummingbird
import JobStore
import NIOCore
import ServiceLifecycle

/// `/events?project=NAME`: tells of changes in a project for as long as the client listens (server-sent events).
///
/// An event `changed` has `{"pushes": [ids]}`, or `{}` where anything may have changed: the first one, and after a loss
/// of the database. Changes are gathered for a moment; none is left out.
struct EventRoutes: RouteGroup {
  static let contentType = "text/event-stream"
  /// How long changes are gathered after an event: a batch that is ingested changes many jobs of one push.
  private static let pause = Duration.milliseconds(250)
  /// How often something is sent where nothing changes, so that a peer that has gone is noticed.
  private static let heartbeat = Duration.seconds(15)

  let feed: ChangeFeed
  let store: any Store

  func register(on router: Router<WebContext>) {
    let projects = ProjectDirectory(store)
    router.get("events") { request, _ in
      guard let name = QueryParameters(request.uri.query)["project"] else {
        throw WebError(.badRequest, .detail("Which project? /events?project=NAME"))
      }
      let project = try await projects.project(name)
      let headers: HTTPFields = [.contentType: Self.contentType, .cacheControl: "no-store"]
      guard request.method != .head else { return Response(status: .ok, headers: headers) }
      return Response(status: .ok, headers: headers, body: body(project))
    }
  }

  private func body(_ project: Project) -> ResponseBody {
    ResponseBody { [feed] writer in
      let (number, watcher) = await feed.watch(project.id)
      let failure: (any Error)?
      do {
        // A server that ends does not wait for those who listen.
        try await withGracefulShutdownHandler {
          try await Self.tell(watcher, writer: &writer)
        } onGracefulShutdown: {
          watcher.end()
        }
        failure = nil
      } catch {
        failure = error
      }
      await feed.leave(number)
      if let failure { throw failure }
      try await writer.finish(nil)
    }
  }

  /// Writes events until the watcher's end, or the client's.
  private static func tell(_ watcher: ChangeWatcher, writer: inout any ResponseBodyWriter) async throws {
    try await writer.write(ByteBuffer(string: "retry: 1000\n\n"))
    while true {
      let text: String
      switch await watcher.next(within: heartbeat) {
      case .end: return
      case .nothing: text = ":\n\n"
      case .anything: text = "event: changed\ndata: {}\n\n"
      case .pushes(let ids):
        text = "event: changed\ndata: {\"pushes\":[\(ids.map(String.init).joined(separator: ","))]}\n\n"
      }
      try await writer.write(ByteBuffer(string: text))
      try await Task.sleep(for: pause)
    }
  }
}
