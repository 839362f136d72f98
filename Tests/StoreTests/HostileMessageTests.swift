import Foundation
import JobStore
import Support
import Testing

@testable import Ingestion

/// Messages that were made to do harm: each is stored as it is or rejected with a reason, and its neighbours are stored.
@Suite struct HostileMessageTests {
  /// A message with everything in it that a message can have.
  static let full = #"""
    {"taskId": "hostile", "buildSystem": "ci", "state": "completed", "jobKind": "test", "version": 1, "retryId": 0,
     "origin": {"project": "orchard", "revision": "ba0d49136409ae56d053e5873d34a305eeb6f770"},
     "display": {"jobName": "name", "jobSymbol": "B", "groupName": "group", "groupSymbol": "G", "chunkId": 1},
     "result": "fail", "tier": 2, "coalesced": ["other"], "labels": ["opt"],
     "timeScheduled": "2025-02-26T22:45:17Z", "timeStarted": "2025-02-26T22:45:18Z",
     "timeCompleted": "2025-02-26T22:45:19Z", "owner": "o", "reason": "r", "productName": "p",
     "buildMachine": {"name": "m", "platform": "linux64", "os": "linux", "architecture": "x86_64"},
     "runMachine": {"name": "n", "platform": "win64", "os": "win", "architecture": "aarch64"},
     "jobInfo": {"links": [{"label": "l", "linkText": "t", "url": "https://example.org/"}]},
     "logs": [{"name": "n", "url": "https://example.org/log", "errorsTruncated": true, "steps": [
       {"name": "s", "result": "fail", "timeStarted": "2025-02-26T22:45:18Z", "lineStarted": 1, "lineFinished": 9,
        "timeFinished": "2025-02-26T22:45:19Z", "errors": [{"line": "boom", "linenumber": 5}]}]}],
     "extra": {"artifacts": [{"name": "a", "type": "json", "blob": {"k": [1, "x"]}}]}}
    """#

  /// The full message once for every text in it, with `value`, as JSON writes it, in that place.
  static func variants(_ value: String) throws -> [String] {
    let marker = "HERE"
    var variants: [String] = []
    func visit(_ node: Any, _ rebuild: (Any) -> Any) throws {
      switch node {
      case let object as [String: Any]:
        for (key, child) in object.sorted(by: { $0.key < $1.key }) {
          try visit(child) { new in rebuild(object.merging([key: new]) { $1 }) }
        }
      case let array as [Any]:
        for (index, child) in array.enumerated() {
          try visit(child) { new in
            var copy = array
            copy[index] = new
            return rebuild(copy)
          }
        }
      case is String:
        var message = try #require(rebuild(marker) as? [String: Any])
        // Its own job, where the text in question is not the task itself.
        if message["taskId"] as? String == "hostile" { message["taskId"] = "hostile-\(variants.count)" }
        let data = try JSONSerialization.data(withJSONObject: message, options: [.sortedKeys, .withoutEscapingSlashes])
        variants.append(String(decoding: data, as: UTF8.self).replacing(#""\#(marker)""#, with: value))
      default: break
      }
    }
    try visit(JSONSerialization.jsonObject(with: Data(full.utf8))) { $0 }
    return variants
  }

  /// Ingests messages with one harmless message among them; returns what became of them and the reasons of those that
  /// were rejected.
  private func ingest(
    _ messages: [[UInt8]], into test: TestStore
  ) async throws -> (counts: Pipeline.Counts, reasons: [String]) {
    let pipeline = Pipeline(into: test.store, policy: LoadPolicy(), logger: PipelineTests.logger)
    let harmless = Array(PipelineTests.message("harmless-\(UUID().uuidString.prefix(8))").utf8)
    let before = try await test.store.counts()
    let last = try await test.rows("select coalesce(max(id), 0) from rejected_message")[0][0]
    for start in stride(from: 0, to: messages.count, by: 40) {
      let batch = try await MessageReader(logger: PipelineTests.logger).read(
        (messages[start..<min(start + 40, messages.count)] + (start == 0 ? [harmless] : [])).map {
          .init(exchange: "e", routingKey: "k", body: $0, receivedTime: 1)
        })
      try await pipeline.ingest(batch)
    }
    let (counts, after) = (await pipeline.counts, try await test.store.counts())
    #expect(counts.stored + counts.rejected + counts.duplicates == messages.count + 1)
    #expect(after.rejected - before.rejected == counts.rejected)
    let harmlessJob = try await test.rows("select count(*) from job where guid like 'harmless-%'")
    #expect(harmlessJob != [["0"]], "a neighbour is not touched")
    let reasons = try await test.rows("select reasons from rejected_message where id > \(last) order by id")
    #expect(reasons.allSatisfy { !$0[0].isEmpty })
    return (counts, reasons.map { $0[0] })
  }

  @Test(arguments: Backend.allCases)
  func everyTextMayHoldSQLAndHTMLAndNothingIsInterpreted(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let text = #"';drop--<b>${x}%s{rows}"#
    let messages = try Self.variants(#""\#(text)""#)
    #expect(messages.count > 30)
    let (counts, _) = try await ingest(messages.map { Array($0.utf8) }, into: test)
    #expect(counts.stored > 15 && counts.rejected > 5)
    // Wherever it is allowed it is there as it was sent.
    let places = [
      "job_type.name", "job_type.symbol", "product.name", "job.who", "job.reason", "job_detail.title",
      "job_detail.value", "log_error.line", "artifact.name",
    ]
    for place in places {
      let parts = place.split(separator: ".")
      let found = try await test.rows("select distinct \(parts[1]) from \(parts[0])").map { $0[0] }
      // The chunk's number follows a symbol.
      let isThere = found.contains { $0 == text || $0 == text + "1" }
      #expect(isThere, "\(place): \(found)")
    }
  }

  @Test(arguments: Backend.allCases, [#""\u0000""#, #""a\u0000b""#])
  func aNullInAnyTextIsRejectedWithItsPlace(_ backend: Backend, _ value: String) async throws {
    let test = try await TestStore(backend)
    let messages = try Self.variants(value)
    let (counts, reasons) = try await ingest(messages.map { Array($0.utf8) }, into: test)
    // The text inside an artifact of JSON is not looked into: it is stored as it was written.
    #expect(counts.rejected == messages.count - 1 && counts.stored == 2, "\(reasons)")
    #expect(reasons.allSatisfy { $0.hasPrefix("/") }, "\(reasons)")
  }

  @Test(arguments: Backend.allCases)
  func aNullInNamesAndRoutingKeysStopsNothing(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let pipeline = Pipeline(into: test.store, policy: LoadPolicy(createsPushes: false), logger: PipelineTests.logger)
    let bodies = [
      PipelineTests.message("waits"), PipelineTests.message("name", rest: #", "b\u001b[2J": 1"#),
      PipelineTests.message(
        "link", rest: #", "jobInfo": {"links": [{"label": "l", "linkText": "t", "url": "u:x"}, "\u0000"]}"#
      )
      .replacing(#""origin": {"#, with: #""origin": {"kind": "hg.mozilla.org", "#),
    ]
    try await pipeline.ingest(
      MessageReader(logger: PipelineTests.logger).read(
        bodies.map { .init(exchange: "e\0", routingKey: "\0", body: Array($0.utf8), receivedTime: 1) }))
    #expect(await pipeline.counts == Pipeline.Counts(waiting: 1, rejected: 2))
    let rows = try await test.rows("select exchange, routing_key, reasons from rejected_message order by id")
    #expect(rows.map { $0[0] + $0[1] } == ["e\u{2400}\u{2400}", "e\u{2400}\u{2400}"])
    #expect(rows[0][2].contains(#"b\u001b[2J"#) && !rows[0][2].contains("\u{1B}"))
    #expect(rows[1][2].hasPrefix("/jobInfo/links/1"))
  }

  @Test(arguments: Backend.allCases)
  func loneSurrogatesAreRejectedWithTheirPlace(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    for value in [#""\ud800""#, #""\udc00x""#, #""\ud800\ud800""#] {
      let messages = try Self.variants(value)
      let (counts, reasons) = try await ingest(messages.map { Array($0.utf8) }, into: test)
      #expect(counts.rejected == messages.count)
      #expect(reasons.allSatisfy { $0.contains("column") && $0.contains("surrogate") }, "\(reasons)")
    }
  }

  @Test(arguments: Backend.allCases)
  func bytesThatAreNoUTF8AreRejected(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let bodies: [[UInt8]] = [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82]]
    let messages = bodies.map { bytes -> [UInt8] in
      let parts = PipelineTests.message("bytes").split(separator: "orchard", maxSplits: 1)
      return Array(parts[0].utf8) + bytes + Array(parts[1].utf8)
    }
    let (counts, _) = try await ingest(messages, into: test)
    #expect(counts.rejected == messages.count)
  }

  @Test(arguments: Backend.allCases)
  func timesAtTheEdgesOfTheCalendarAreKeptAsTheyAre(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let times = [
      ("0000-01-01T00:00:00Z", "-62167219200000"), ("0001-01-01T00:00:00Z", "-62135596800000"),
      ("9999-12-31T23:59:59.999Z", "253402300799999"), ("1969-12-31T23:59:59Z", "-1000"),
      ("2024-02-29T00:00:00+23:59", "1709078460000"),
    ]
    for (index, (time, milliseconds)) in times.enumerated() {
      let message = PipelineTests.message("time-\(index)", rest: #", "timeStarted": "\#(time)""#)
      let (counts, reasons) = try await ingest([Array(message.utf8)], into: test)
      #expect(counts.stored == 2, "\(time): \(reasons)")
      #expect(try await test.rows("select start_time from job where guid = 'time-\(index)'") == [[milliseconds]])
    }
    for time in ["2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z", "99999-01-01T00:00:00Z", "-1", "", "now"] {
      let message = PipelineTests.message("no time", rest: #", "timeStarted": "\#(time)""#)
        .replacing("no time", with: "no-time")
      let (counts, reasons) = try await ingest([Array(message.utf8)], into: test)
      #expect(counts.rejected == 1 && reasons.allSatisfy { $0.contains("/timeStarted") }, "\(time): \(reasons)")
    }
  }

  /// Where a text has a longest length in the schema: the place, that length, and how it is stored.
  private static let limits: [(place: String, limit: Int, column: String, isCut: Bool)] = [
    ("display/jobName", 140, "select name from job_type", false),
    ("display/jobSymbol", 25, "select symbol from job_type", false),
    ("display/groupSymbol", 25, "select symbol from job_group", false),
    ("display/groupName", 255, "select name from job_group_name", false),
    ("owner", 50, "select who from job", true),
    ("taskId", 50, "select guid from job", false),
    ("buildSystem", 25, "select name from build_system", false),
    ("origin/project", 50, "select name from repository", false),
  ]

  @Test(arguments: Backend.allCases)
  func everyLimitIsKeptToTheCharacter(_ backend: Backend) async throws {
    for (place, limit, column, isCut) in Self.limits {
      let test = try await TestStore(backend)
      // Characters of four bytes where the pattern allows them.
      let isName = ["taskId", "buildSystem", "origin/project"].contains(place)
      for length in [limit - 1, limit, limit + 1] {
        let text = String(repeating: isName ? "x" : "\u{1F600}", count: length)
        var message = try #require(
          JSONSerialization.jsonObject(with: Data(PipelineTests.message("length-\(length)").utf8)) as? [String: Any])
        let path = place.split(separator: "/").map(String.init)
        if path.count == 1 {
          message[path[0]] = text
        } else {
          var inner = try #require(message[path[0]] as? [String: Any])
          inner[path[1]] = text
          message[path[0]] = inner
        }
        let (counts, reasons) = try await ingest(
          [Array(try JSONSerialization.data(withJSONObject: message))], into: test)
        let isStored = length <= limit || isCut
        #expect(counts.stored == (isStored ? 2 : 1), "\(place) of \(length): \(reasons)")
        #expect(isStored || reasons.allSatisfy { $0.contains("/\(place)") }, "\(reasons)")
        let kept = try await test.rows(column).map { $0[0] }
        let expected = isCut ? String(text.prefix(limit)) : text
        #expect(kept.contains(expected) == isStored, "\(place) of \(length): \(kept)")
      }
    }
  }

  @Test(arguments: Backend.allCases)
  func aMessageOfTenMegabytesIsStoredOrRejectedWhole(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let long = String(repeating: "0123456789abcde\u{20AC}", count: 600_000)
    let stored = PipelineTests.message(
      "long", rest: #", "extra": {"artifacts": [{"name": "a", "type": "text", "blob": "\#(long)"}]}"#)
    let rejected = PipelineTests.message("too-long", rest: #", "owner": 1, "reason": "\#(long)""#)
    #expect(stored.utf8.count > 10_000_000 && rejected.utf8.count > 10_000_000)
    let (counts, reasons) = try await ingest([Array(stored.utf8), Array(rejected.utf8)], into: test)
    #expect(counts.stored == 2 && counts.rejected == 1, "\(reasons.map { $0.prefix(500) })")
    #expect(reasons.allSatisfy { $0.utf8.count < 10_000 }, "the reasons do not repeat it")
    #expect(try await test.rows("select length(blob) from artifact") == [["\(long.unicodeScalars.count)"]])
    let message = try #require(try await test.store.rejectedMessages(after: 0).first)
    #expect(try await test.store.rejectedMessage(message.id)?.body == Array(rejected.utf8))
  }

  @Test(arguments: Backend.allCases)
  func deepMessagesAreStoredOrRejectedAndHarmNothing(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let deep = String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
    let objects = String(repeating: #"{"a":"#, count: 10_000) + "1" + String(repeating: "}", count: 10_000)
    let messages =
      [deep, objects].flatMap { value in
        [
          value,
          PipelineTests.message(
            "deep", rest: #", "extra": {"artifacts": [{"name": "a", "type": "t", "blob": \#(value)}]}"#),
          PipelineTests.message("deep", rest: #", "owner": \#(value)"#),
          #"{"payload": \#(value), "_meta": {}}"#,
        ]
      } + [String(repeating: "[", count: 1_000_000), String(repeating: #"{"payload":"#, count: 10_000)]
    let (counts, reasons) = try await ingest(messages.map { Array($0.utf8) }, into: test)
    #expect(counts.rejected == messages.count, "\(reasons.map { $0.prefix(200) })")
  }

  @Test(arguments: Backend.allCases)
  func numbersBeyondEveryRangeAreStoredOrRejected(_ backend: Backend) async throws {
    let test = try await TestStore(backend)
    let numbers = [
      "9223372036854775807", "9223372036854775808", "-9223372036854775809", "18446744073709551616", "1e400", "-0",
      "1.0", "1.5", "0x10", "NaN", "1e3", "4294967296",
    ]
    let fields = [#""tier": @"#, #""retryId": @"#, #""version": @"#, #""isRetried": @"#]
    let messages = numbers.flatMap { number in
      fields.enumerated().map { index, field in
        PipelineTests.message(
          "number-\(number.filter(\.isNumber))-\(index)", rest: ", " + field.replacing("@", with: number))
      }
        + [
          PipelineTests.message("chunk-\(number.filter(\.isNumber))").replacing(
            #""jobSymbol": "B""#, with: #""jobSymbol": "B", "chunkId": \#(number)"#),
          PipelineTests.message(
            "lines-\(number.filter(\.isNumber))",
            rest: #"""
              , "logs": [{"name": "n", "url": "https://example.org/log", "errorsTruncated": true, "steps": [
                {"name": "s", "result": "fail", "timeStarted": "2025-02-26T22:45:18Z", "lineStarted": \#(number),
                 "lineFinished": \#(number), "timeFinished": "2025-02-26T22:45:19Z",
                 "errors": [{"line": "boom", "linenumber": \#(number)}]}]}]
              """#),
        ]
    }
    let (counts, _) = try await ingest(messages.map { Array($0.utf8) }, into: test)
    #expect(counts.rejected > numbers.count)
  }
}
