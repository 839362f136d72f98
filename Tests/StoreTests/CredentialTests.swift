import Support
import Testing

@testable import JobStore

/// Clients that may submit, and what they have signed already.
@Suite struct CredentialTests {
  @Test(arguments: Backend.allCases)
  func aSecretIsThereUntilItIsRevoked(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let store = test.store
    #expect(try await store.createCredential(clientID: "ci", secret: "s1", projects: ["b", "a", "b"], time: 5))
    #expect(try await !store.createCredential(clientID: "ci", secret: "s2", projects: ["c"], time: 6))
    let key = try #require(try await store.clientKey("ci"))
    #expect(key.secret == "s1" && key.projects == ["a", "b"])
    #expect(!"\(key) \(String(reflecting: key))".contains("s1"))
    #expect(try await store.repositories().map(\.name) == ["a", "b"])
    #expect(try await store.clientKey("CI") == nil)
    #expect(try await store.clientKey("c\0i") == nil)
    #expect(try await !store.revokeCredential(clientID: "nobody", time: 7))
    #expect(try await store.revokeCredential(clientID: "ci", time: 7))
    #expect(try await !store.revokeCredential(clientID: "ci", time: 8))
    #expect(try await store.clientKey("ci") == nil)
    #expect(
      try await store.credentials()
        == [CredentialRecord(clientID: "ci", projects: ["a", "b"], createdTime: 5, revokedTime: 7)])
    #expect(try await test.rows("select secret from credential") == [[""]])
    #expect(try await store.createCredential(clientID: "ci", secret: "s3", projects: ["c"], time: 9))
    #expect(
      try await store.credentials()
        == [CredentialRecord(clientID: "ci", projects: ["c"], createdTime: 9, revokedTime: nil)])
  }

  @Test(arguments: Backend.allCases)
  func aNonceIsNewOnceForAllServers(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let results = try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask {
          let store = try await TestStore.open(test.url)
          let isNew = try await store.noteNonce("n", of: "ci", signedAt: 1_000, oldest: 0)
          try await store.close()
          return isNew
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results.count { $0 } == 1)
    #expect(try await test.store.noteNonce("n", of: "ci", signedAt: 2_000, oldest: 0), "at another time")
    #expect(try await test.store.noteNonce("n", of: "other", signedAt: 1_000, oldest: 0), "of another client")
    #expect(try await test.store.noteNonce("m", of: "ci", signedAt: 3_000, oldest: 2_000))
    #expect(try await test.rows("select signed_time from seen_nonce order by 1") == [["2000"], ["3000"]])
    #expect(try await !test.store.noteNonce("m", of: "ci", signedAt: 3_000, oldest: 2_000))
  }
}
