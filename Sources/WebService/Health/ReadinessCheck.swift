public import JobStore

/// Something that has to be in order for the server to be of use.
public struct ReadinessCheck: Sendable {
  /// What it is, in one word.
  public let name: String
  private let check: @Sendable () async throws -> Bool

  /// A check.
  ///
  /// - Parameter check: whether it is in order; what it throws means that it is not.
  public init(name: String, _ check: @escaping @Sendable () async throws -> Bool) {
    self.name = name
    self.check = check
  }

  /// Whether `store` answers.
  public static func store(_ store: any Store) -> ReadinessCheck {
    ReadinessCheck(name: "store") {
      _ = try await store.repositories()
      return true
    }
  }

  func isPassed() async -> Bool { (try? await check()) ?? false }
}
