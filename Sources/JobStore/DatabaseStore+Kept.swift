extension DatabaseStore {
  // MARK: Rejected messages

  private static let rejected = SQLStatement(
    """
    select r.id, r.exchange, r.routing_key, r.received_time, r.reasons, length(r.body) from {rows}
    join rejected_message r on r.id > v.id order by r.id limit \(pageSize)
    """, [.integer("id")])
  private static let rejectedBodies = SQLStatement(
    """
    select r.id, r.exchange, r.routing_key, r.received_time, r.reasons, length(r.body), r.body
    from {rows} join rejected_message r on r.id = v.id
    """, [.integer("id")])
  private static let deleteRejected = SQLStatement(
    "delete from rejected_message where id in (select v.id from {rows})", [.integer("id")])

  /// Rows that are read at once where there may be any number.
  static let pageSize = 1_000

  /// Rejected messages with an id above `id`, without their bodies: the next thousand, oldest first.
  public func rejectedMessages(after id: Int64) async throws -> [RejectedMessage] {
    try await engine.read { session in try session.run(Self.rejected, [.integers([id])]).map(Self.message) }
  }

  /// A rejected message with its body, nil for one that is not there.
  public func rejectedMessage(_ id: Int64) async throws -> RejectedMessage? {
    try await engine.read { session in try session.run(Self.rejectedBodies, [.integers([id])]).first.map(Self.message) }
  }

  /// Forgets rejected messages.
  public func deleteRejectedMessages(_ ids: [Int64]) async throws {
    try await engine.write { session in _ = try session.run(Self.deleteRejected, [.integers(ids)]) }
  }

  private static func message(_ row: SQLRow) throws -> RejectedMessage {
    RejectedMessage(
      id: try row.integer(0), exchange: try row.text(1), routingKey: try row.text(2),
      receivedTime: try row.integer(3), reasons: try row.text(4),
      body: row.values.count > 6 ? try row.bytes(6) : [], size: Int(try row.integer(5)))
  }

  // MARK: Waiting jobs

  private static let waiting = SQLStatement(
    """
    select repository, revision, count(distinct guid), count(*), min(received_time) from waiting_job
    group by repository, revision order by min(id)
    """)

  /// The pushes that jobs wait for, the longest awaited first.
  public func waitingPushes() async throws -> [WaitingPush] {
    try await engine.read { session in
      try session.run(Self.waiting).map { row in
        WaitingPush(
          repository: try row.text(0), revision: try row.text(1), jobs: Int(try row.integer(2)),
          messages: Int(try row.integer(3)), since: try row.integer(4))
      }
    }
  }
}
