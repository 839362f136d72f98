/// Who may submit over HTTP, and what they have signed already.
public protocol CredentialStore: Sendable {
  /// Gives a client a secret, and the repositories that it may write; those that are not there are made.
  ///
  /// - Parameter time: in milliseconds since 1970-01-01 00:00:00 UTC.
  /// - Returns: false where the client has a secret that is not revoked; then nothing is changed.
  func createCredential(clientID: String, secret: String, projects: [String], time: Int64) async throws -> Bool

  /// The clients by name, revoked ones too.
  func credentials() async throws -> [CredentialRecord]

  /// Forgets a client's secret.
  ///
  /// - Parameter time: in milliseconds since 1970-01-01 00:00:00 UTC.
  /// - Returns: false where there is no such client, or its secret is revoked already.
  func revokeCredential(clientID: String, time: Int64) async throws -> Bool

  /// What a client signs with; nil where there is no such client, or its secret is revoked.
  func clientKey(_ clientID: String) async throws -> ClientKey?

  /// Notes that a client has signed something with a nonce, for all servers of the store.
  ///
  /// - Parameters:
  ///   - time: the time that was signed with it, in milliseconds since 1970-01-01 00:00:00 UTC.
  ///   - oldest: what was signed before that time is forgotten: nobody accepts it any more.
  /// - Returns: false where that nonce was noted already with this client and time.
  func noteNonce(_ nonce: String, of clientID: String, signedAt time: Int64, oldest: Int64) async throws -> Bool
}

/// A client that may submit, without its secret.
public struct CredentialRecord: Sendable, Hashable {
  /// What the client is known by.
  public let clientID: String
  /// The repositories that it may write, by name.
  public let projects: [String]
  /// When its secret was made, in milliseconds since 1970-01-01 00:00:00 UTC.
  public let createdTime: Int64
  /// When its secret was revoked, nil where it was not.
  public let revokedTime: Int64?
}

/// What a client signs with; its description holds no secret.
public struct ClientKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// What the client is known by.
  public let clientID: String
  /// What it signs with.
  public let secret: String
  /// The repositories that it may write.
  public let projects: Set<String>

  /// The client's name.
  public var description: String { clientID }
  /// The client's name.
  public var debugDescription: String { clientID }
  /// A mirror without the secret.
  public var customMirror: Mirror { Mirror(self, children: ["clientID": clientID]) }
}
