import Foundation
import JobStore
import Support
import Testing

/// `drover credentials`.
@Suite struct CredentialCommandTests {
  @Test(arguments: CommandStore.Kind.allCases)
  func aSecretIsShownOnceAndSignsUntilItIsRevoked(_ kind: CommandStore.Kind) async throws {
    let store = try await CommandStore(kind)
    let made = try await store.drover("credentials", "create", "ci", "--project", "orchard", "pasture")
    #expect(made.status == 0, "\(made.errors)")
    let secret = made.output.trimmingCharacters(in: .newlines)
    #expect(secret.wholeMatch(of: /[A-Za-z0-9_-]{43}/) != nil)
    #expect(!made.errors.contains(secret))
    #expect(try await store.open { try await $0.clientKey("ci")?.secret } == secret)
    #expect(try await store.open { try await $0.repositories().map(\.name) } == ["orchard", "pasture"])

    let again = try await store.drover("credentials", "create", "ci", "--project", "orchard")
    #expect(again.status == 1 && again.output.isEmpty && again.lastLine.contains("drover credentials revoke ci"))
    let listed = try await store.drover("credentials", "list", "--output", "json")
    #expect(listed.output.contains(#""projects":["orchard","pasture"]"#) && !listed.output.contains(secret))
    #expect(listed.lastLine == "1 clients, 0 of them revoked")

    #expect(try await store.drover("credentials", "revoke", "ci").status == 0)
    #expect(try await store.drover("credentials", "revoke", "ci").status == 1)
    #expect(try await store.open { try await $0.clientKey("ci") } == nil)
    #expect(try await store.drover("credentials", "list").output.contains("orchard pasture"))
    let other = try await store.drover("credentials", "create", "ci", "--project", "orchard")
    #expect(other.status == 0 && !other.output.contains(secret))
  }

  @Test(arguments: [
    ["create", "ci"], ["create", "--project", "orchard"], ["create", "c i", "--project", "orchard"],
    ["create", "ci", "--project", "orchard/try"], ["create", "ci", "--project"], ["revoke"], ["revoke", "\""],
  ])
  func whatCannotBeMeantIsWrongUsage(_ arguments: [String]) async throws {
    let store = try await CommandStore(.sqlite)
    let result = try await store.drover(["credentials"] + arguments, environment: [:])
    #expect(result.status == 2, "\(result.errors)")
  }
}
