import Foundation

/// What does not become a job, or not yet.
extension BatchLoader {
  // MARK: Rejected messages

  private static let insertRejected = SQLStatement.insert(
    into: "rejected_message",
    [
      .text("exchange"), .text("routing_key"), .integer("received_time"), .text("reasons"), .bytes("body"),
      .bytes("digest"),
    ],
    "on conflict (digest) do nothing returning digest")

  private static let rejectAgain = SQLStatement(
    "update rejected_message set reasons = v.new_reasons from {rows} where id = v.rejected_id returning id",
    [.integer("rejected_id"), .text("new_reasons")])
  private static let forgetRejected = SQLStatement(
    "delete from rejected_message where id in (select v.id from {rows})", [.integer("id")])

  /// Forgets the rejected messages that are kept otherwise now.
  func forgetRejected(_ batch: [IncomingItem]) throws {
    let ids: [Int64] = batch.indices.compactMap { index in
      guard case .job = batch[index].content, outcomes[index] != .skipped else { return nil }
      return batch[index].origin.rejectedID
    }
    if !ids.isEmpty { _ = try session.run(Self.forgetRejected, [.integers(ids)]) }
  }

  /// Gives rejected messages that are rejected once more the reasons of today.
  private mutating func rejectAgain(_ items: [(index: Int, id: Int64, reasons: String)]) throws {
    guard !items.isEmpty else { return }
    let rows = try session.run(Self.rejectAgain, [.integers(items.map(\.id)), .texts(items.map(\.reasons))])
    let kept = Set(try rows.map { try $0.integer(0) })
    for item in items where kept.contains(item.id) { outcomes[item.index] = .rejected }
  }

  /// Keeps the messages of a batch that are no jobs; the same one again is a duplicate.
  mutating func keepRejected(_ batch: [IncomingItem]) throws {
    var items: [(index: Int, origin: IncomingItem.Origin, reasons: String, body: [UInt8])] = []
    var again: [(index: Int, id: Int64, reasons: String)] = []
    for (index, item) in batch.enumerated() {
      guard case .rejected(let reasons, let body) = item.content else { continue }
      if let id = item.origin.rejectedID {
        again.append((index, id, reasons))
      } else {
        items.append((index, item.origin, reasons, body))
      }
    }
    try rejectAgain(again)
    guard !items.isEmpty else { return }
    let digests = items.map { Digest.of($0.origin.exchange, $0.origin.routingKey, $0.body) }
    let rows = try session.run(
      Self.insertRejected,
      [
        .texts(items.map(\.origin.exchange)), .texts(items.map(\.origin.routingKey)),
        .integers(items.map(\.origin.receivedTime)), .texts(items.map(\.reasons.withoutNull)),
        .bytes(items.map(\.body)),
        .bytes(digests),
      ])
    var new = Set(try rows.map { try $0.bytes(0) })
    for (item, digest) in zip(items, digests) where new.remove(digest) != nil { outcomes[item.index] = .rejected }
  }

  // MARK: Waiting jobs

  private static let insertWaiting = SQLStatement.insert(
    into: "waiting_job",
    [
      .text("repository"), .text("revision"), .text("guid"), .text("exchange"), .text("routing_key"),
      .integer("received_time"), .text("record"), .bytes("digest"),
    ],
    "on conflict (digest) do nothing returning digest")

  /// Keeps jobs until their push comes; the same message again is a duplicate.
  mutating func keepWaiting(
    _ jobs: [(record: Int, item: Int)], _ all: UnsafeBufferPointer<JobRecord>, of batch: [IncomingItem]
  ) throws {
    guard !jobs.isEmpty else { return }
    let records = jobs.map { (index: $0.item, record: all[$0.record]) }
    let encoder = JSONEncoder()
    // Without an order of keys two encodings of one record differ.
    encoder.outputFormatting = .sortedKeys
    let texts = try records.map { String(decoding: try encoder.encode($0.record), as: UTF8.self) }
    let digests = texts.map { Digest.of("", "", Array($0.utf8)) }
    let origins = records.map { batch[$0.index].origin }
    let rows = try session.run(
      Self.insertWaiting,
      [
        .texts(records.map(\.record.repository)), .texts(records.map(\.record.revision)),
        .texts(records.map(\.record.guid)), .texts(origins.map(\.exchange)), .texts(origins.map(\.routingKey)),
        .integers(origins.map(\.receivedTime)), .texts(texts), .bytes(digests),
      ])
    var new = Set(try rows.map { try $0.bytes(0) })
    for (record, digest) in zip(records, digests) where new.remove(digest) != nil {
      outcomes[record.index] = .waiting
    }
  }

  private static let waitingRevisions = SQLStatement(
    """
    select distinct v.id, w.revision from {rows}
    join repository r on r.id = v.id join waiting_job w on w.repository = r.name
    """, [.integer("id")])
  private static let waitingJobs = SQLStatement(
    """
    select w.id, w.record from {rows}
    join repository r on r.id = v.id join waiting_job w on w.repository = r.name and w.revision = v.revision
    order by w.id limit \(releasedAtOnce)
    """, [.integer("id"), .text("revision")])
  private static let deleteWaiting = SQLStatement(
    "delete from waiting_job where id in (select v.id from {rows})", [.integer("id")])
  /// Bounds the memory that jobs take which waited for one push.
  private static let releasedAtOnce = 500

  /// Stores the jobs that waited for pushes which are there now, in the order in which they came.
  mutating func releaseWaiting(for pushes: [PushDirectory.Name]) throws {
    let repositories = Set(pushes.map(\.repository)).sorted()
    let names = try session.run(Self.waitingRevisions, [.integers(repositories)]).map { row in
      PushDirectory.Name(repository: try row.integer(0), revision: try row.text(1))
    }
    let ids = try PushDirectory(session: session).find(names).ids
    for (name, push) in ids.sorted(by: { $0.key < $1.key }) {
      while true {
        let rows = try session.run(Self.waitingJobs, [.integers([name.repository]), .texts([name.revision])])
        guard !rows.isEmpty else { break }
        let records = try rows.map { row in
          try JSONDecoder().decode(JobRecord.self, from: Data(try row.text(1).utf8))
        }
        try records.withUnsafeBufferPointer { records in
          try store(records.indices.map { ($0, push, nil) }, records)
        }
        _ = try session.run(Self.deleteWaiting, [.integers(try rows.map { try $0.integer(0) })])
        released += rows.count
      }
    }
  }
}
