import JobStore
import Synchronization

/// A project that a path names: a repository of the store.
struct Project {
  let name: String
  let id: Int64
}

/// The repositories' numbers; they stay, and are looked up once.
final class ProjectDirectory: Sendable {
  private let store: any Store
  // As many as there are repositories: what is not there is not remembered.
  private let known = Mutex<[String: Int64]>([:])

  init(_ store: any Store) { self.store = store }

  /// - Throws: ``WebError`` with status 404 for one that the store does not know.
  func project(_ name: String) async throws -> Project {
    if let id = known.withLock({ $0[name] }) { return Project(name: name, id: id) }
    guard let id = try await store.repositoryID(name) else { throw WebError.unknownProject(name) }
    known.withLock { $0[name] = id }
    return Project(name: name, id: id)
  }
}
