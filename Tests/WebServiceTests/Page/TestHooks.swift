import HTTPTypes
import Hummingbird
import Synchronization

@testable import WebService

/// Routes by which a script in a browser has the test do something.
final class TestHooks: RouteGroup {
  private struct State {
    var change: (@Sendable (String) async throws -> Void)?
    var hostile = ""
  }

  private let state = Mutex(State())

  /// What `/test/change?step=…` does.
  func onChange(_ change: @escaping @Sendable (String) async throws -> Void) { state.withLock { $0.change = change } }

  /// The path that `/test/hostile` tells.
  var hostile: String {
    get { state.withLock { $0.hostile } }
    set { state.withLock { $0.hostile = newValue } }
  }

  func register(on router: Router<WebContext>) {
    router.post("test/change") { request, _ in
      let step = QueryParameters(request.uri.query)["step"] ?? ""
      try await self.state.withLock { $0.change }?(step)
      return Response(status: .ok)
    }
    router.get("test/hostile") { _, _ in
      var json = JSONWriter()
      json.string(self.hostile)
      return json.response()
    }
  }
}
