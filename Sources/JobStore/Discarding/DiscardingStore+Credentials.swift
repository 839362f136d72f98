extension DiscardingStore {
  /// Makes none: nothing is kept.
  public func createCredential(clientID: String, secret: String, projects: [String], time: Int64) -> Bool { false }

  /// None: nothing is kept.
  public func credentials() -> [CredentialRecord] { [] }

  /// There is none to revoke.
  public func revokeCredential(clientID: String, time: Int64) -> Bool { false }

  /// None: nothing is kept.
  public func clientKey(_ clientID: String) -> ClientKey? { nil }

  /// Notes nothing, and calls none new: what cannot be told from a repetition is not accepted.
  public func noteNonce(_ nonce: String, of clientID: String, signedAt time: Int64, oldest: Int64) -> Bool { false }
}
