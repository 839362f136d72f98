import Ingestion
import Logging
import Support
import Testing

@testable import JobStore

@Suite struct CopyTests {
  @Test func theTablesAreThoseOfTheSchema() async throws {
    let tables = SchemaTable.all(in: Schema.steps)
    let test = try await TestStore(.sqlite)
    let names = try await test.rows(
      "select name from sqlite_schema where type = 'table' and name <> 'schema_version' order by name")
    #expect(tables.map(\.name).sorted() == names.map { $0[0] })
    for table in tables {
      let columns = try await test.rows(
        "select name, type, pk > 0 from pragma_table_info('\(table.name)') order by cid")
      #expect(table.columns.map(\.name) == columns.map { $0[0] }, "\(table.name)")
      #expect(Set(table.key.map(\.name)) == Set(columns.filter { $0[2] == "1" }.map { $0[0] }), "\(table.name)")
    }
  }

  @Test(arguments: Backend.allCases, Backend.allCases)
  func everythingIsCopiedAsItIs(_ from: Backend, _ to: Backend) async throws {
    let (source, target) = (try await TestStore(from), try await TestStore(to))
    try await fill(source)
    let count = try await source.store.copy(into: target.store)
    var total = 0
    for table in SchemaTable.copied {
      let query = """
        select \(table.columns.map(\.name).joined(separator: ", ")) from \(table.name)
        order by \(table.key.map(\.name).joined(separator: ", "))
        """
      let rows = try await source.rows(query)
      #expect(try await target.rows(query) == rows, "\(table.name)")
      #expect(!rows.isEmpty, "\(table.name) has something to copy")
      total += rows.count
    }
    #expect(count == total)
    #expect(try await target.store.check() == [])
    // What comes next has numbers of its own.
    #expect(try await target.load([.test("after", revision: "another")]) == [.stored])
    #expect(try await target.store.check() == [])
  }

  @Test func aStoreThatHoldsSomethingIsNotCopiedInto() async throws {
    let (source, target) = (try await TestStore(.sqlite), try await TestStore(.postgreSQL))
    try await target.load([.test()])
    let error = await #expect(throws: StoreError.self) { try await source.store.copy(into: target.store) }
    #expect(error?.description.contains("repository") == true)
    #expect(try await target.rows("select count(*) from job") == [["1"]])
  }

  /// Puts something into every table, and more than a page into some.
  private func fill(_ test: TestStore) async throws {
    let message = """
      {"taskId": "t", "buildSystem": "ci", "state": "completed", "result": "fail", "jobKind": "test", "version": 1,
       "productName": "p", "owner": "o@example.org", "labels": ["opt"],
       "buildMachine": {"name": "m", "platform": "linux64", "os": "linux", "architecture": "x86_64"},
       "origin": {"project": "orchard", "revision": "ba0d49136409ae56d053e5873d34a305eeb6f770"},
       "display": {"jobName": "n", "jobSymbol": "M", "groupSymbol": "T", "groupName": "Tests"},
       "jobInfo": {"links": [{"label": "l", "linkText": "\u{0e9}", "url": "http://t/1"}]},
       "logs": [{"name": "live", "url": "http://l/1", "steps": [
         {"name": "s", "timeStarted": "2016-06-10T15:41:17Z", "timeFinished": "2016-06-10T15:41:18Z",
          "lineStarted": 0, "lineFinished": 3, "errors": [{"line": "E", "linenumber": 1}], "result": "fail"}]}]}
      """
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let reader = try MessageReader(logger: logger)
    let bodies = [message, "no job"]
    let batch = await reader.read(
      bodies.map { .init(exchange: "e", routingKey: "k", body: Array($0.utf8), receivedTime: 1) })
    try await Pipeline(into: test.store, policy: LoadPolicy(), logger: logger).ingest(batch)
    try await test.load((0..<4_100).map { .test("g\($0)", revision: "r\($0 % 3)") })
    try await test.load([.test("waits", revision: "nowhere")], createsPushes: false)
    let id = try await test.rows("select min(id) from job")[0][0]
    let push = try await test.rows("select min(id) from push")[0][0]
    try await test.execute(
      """
      insert into revision (push_id, position, revision, author, comments) values (\(push), 0, 'r', null, '');
      insert into artifact (job_id, name, type, blob, message_state) values (\(id), 'a', 'text', '', 3);
      insert into supersession (guid, superseded_by, noted_time) values ('x', 'y', 1);
      insert into binding (queue, exchange, routing_key) values ('q', 'e', '#');
      """)
    _ = try await test.store.createCredential(clientID: "ci", secret: "s", projects: ["orchard"], time: 1)
    _ = try await test.store.noteNonce("n", of: "ci", signedAt: 1, oldest: 0)
  }
}
