extension DatabaseStore {
  // A revoked client may be given another secret.
  private static let create = SQLStatement.insert(
    into: "credential", [.text("client_id"), .text("secret"), .integer("created_time")],
    """
    on conflict (client_id) do update
    set secret = excluded.secret, created_time = excluded.created_time, revoked_time = null
    where credential.revoked_time is not null returning id
    """)
  private static let deleteProjects = SQLStatement(
    "delete from credential_project where credential_id in (select v.id from {rows})", [.integer("id")])
  private static let insertProject = SQLStatement.insert(
    into: "credential_project", [.integer("credential_id"), .text("project")], "")
  private static let insertRepository = SQLStatement.insert(
    into: "repository", [.text("name")], "on conflict (name) do nothing")

  /// Gives a client a secret, see ``CredentialStore/createCredential(clientID:secret:projects:time:)``.
  public func createCredential(
    clientID: String, secret: String, projects: [String], time: Int64
  ) async throws -> Bool {
    let projects = Set(projects).sorted()
    return try await engine.write { session in
      let rows = try session.run(Self.create, [.texts([clientID]), .texts([secret]), .integers([time])])
      guard let id = try rows.first?.integer(0) else { return false }
      _ = try session.run(Self.deleteProjects, [.integers([id])])
      _ = try session.run(Self.insertProject, [.integers(projects.map { _ in id }), .texts(projects)])
      _ = try session.run(Self.insertRepository, [.texts(projects)])
      return true
    }
  }

  private static let list = SQLStatement(
    """
    select c.client_id, p.project, c.created_time, c.revoked_time
    from credential c left join credential_project p on p.credential_id = c.id order by c.client_id, p.project
    """)

  /// The clients by name, revoked ones too.
  public func credentials() async throws -> [CredentialRecord] {
    try await engine.read { session in
      var projects: [String: [String]] = [:]
      let rows = try session.run(Self.list)
      for row in rows { projects[try row.text(0), default: []] += [try row.optionalText(1)].compactMap { $0 } }
      var records: [CredentialRecord] = []
      for row in rows {
        let clientID = try row.text(0)
        guard records.last?.clientID != clientID else { continue }
        records.append(
          CredentialRecord(
            clientID: clientID, projects: projects[clientID] ?? [], createdTime: try row.integer(2),
            revokedTime: try row.optionalInteger(3)))
      }
      return records
    }
  }

  // The row stays, so that the list tells of it; nothing can be signed with what is left.
  private static let revoke = SQLStatement(
    """
    update credential set secret = '', revoked_time = v.time from {rows}
    where credential.client_id = v.client and credential.revoked_time is null returning id
    """, [.text("client"), .integer("time")])

  /// Forgets a client's secret, see ``CredentialStore/revokeCredential(clientID:time:)``.
  public func revokeCredential(clientID: String, time: Int64) async throws -> Bool {
    try await engine.write { session in
      !(try session.run(Self.revoke, [.texts([clientID]), .integers([time])]).isEmpty)
    }
  }

  private static let key = SQLStatement(
    """
    select c.secret, p.project from {rows} join credential c on c.client_id = v.client
    left join credential_project p on p.credential_id = c.id where c.revoked_time is null
    """, [.text("client")])

  /// What a client signs with, see ``CredentialStore/clientKey(_:)``.
  public func clientKey(_ clientID: String) async throws -> ClientKey? {
    // No text of PostgreSQL holds it, so that no client has such a name.
    guard !clientID.utf8.contains(0) else { return nil }
    return try await engine.read { session in
      let rows = try session.run(Self.key, [.texts([clientID])])
      guard let secret = try rows.first?.text(0), !secret.isEmpty else { return nil }
      return ClientKey(
        clientID: clientID, secret: secret, projects: Set(try rows.compactMap { try $0.optionalText(1) }))
    }
  }

  private static let forgetNonces = SQLStatement(
    "delete from seen_nonce where signed_time < (select v.oldest from {rows})", [.integer("oldest")])
  private static let insertNonce = SQLStatement.insert(
    into: "seen_nonce", [.bytes("digest"), .integer("signed_time")], "on conflict (digest) do nothing returning digest")

  /// Notes a nonce, see ``CredentialStore/noteNonce(_:of:signedAt:oldest:)``.
  public func noteNonce(
    _ nonce: String, of clientID: String, signedAt time: Int64, oldest: Int64
  ) async throws -> Bool {
    let digest = Digest.of(clientID, "\(time)", Array(nonce.utf8))
    return try await engine.write { session in
      let isNew = !(try session.run(Self.insertNonce, [.bytes([digest]), .integers([time])]).isEmpty)
      _ = try session.run(Self.forgetNonces, [.integers([oldest])])
      return isNew
    }
  }
}
