import Support
import Testing

@testable import JobStore

/// Whose jobs are stored.
@Suite struct RepositoryTests {
  @Test(arguments: Backend.allCases)
  func addingLeavesAndChangingNeedsWhatIsThere(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    #expect(try await test.store.addRepositories(["b", "a", "b"]) == ["a", "b"])
    #expect(try await test.store.setRepositories(["a", "c", "a"], isActive: false) == ["a"])
    #expect(try await test.store.addRepositories(["a", "c"]) == ["c"])
    #expect(
      try await test.store.repositories() == [
        .init(name: "a", isActive: false), .init(name: "b", isActive: true), .init(name: "c", isActive: true),
      ])
    #expect(try await test.store.addRepositories([]) == [])
  }

  @Test(arguments: Backend.allCases)
  func aListenerThatKnowsARepositoryFollowsWithItsNextBatch(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    #expect(try await test.load([.test("a")]) == [.stored])
    let other = try await TestStore.open(test.url)
    _ = try await other.setRepositories(["orchard"], isActive: false)
    #expect(try await test.load([.test("b")]) == [.skipped])
    _ = try await other.setRepositories(["orchard"], isActive: true)
    #expect(try await test.load([.test("b")]) == [.stored])
  }
}
