import Foundation
import Support
import Synchronization
import Testing

@testable import JobStore

/// Servers that cannot be reached, or not by this URL.
@Suite struct PostgreSQLOutageTests {
  private func failure(of url: String) async throws -> StoreError {
    let engine = PostgreSQLEngine(try PostgreSQLURL(url))
    let error = await #expect(throws: StoreError.self) { try await engine.read { _ in } }
    try await engine.close()
    return try #require(error)
  }

  @Test func aWrongPasswordIsNamedAndNotRepeated() async throws {
    let server = try await PrivatePostgreSQL.shared()
    let error = try await failure(of: server.url(of: "postgres", password: "s3cret"))
    #expect(error.code == .unavailable)
    #expect(error.description.contains("password authentication failed"))
    #expect(error.description.contains("127.0.0.1:\(server.port)"))
    #expect(!error.description.contains("s3cret"))
  }

  @Test func aDatabaseThatIsNotThereIsNamed() async throws {
    let error = try await failure(of: try await PrivatePostgreSQL.shared().url(of: "nowhere"))
    #expect(error.code == .unavailable)
    #expect(error.description.contains(#"database "nowhere" does not exist"#))
    #expect(!error.description.contains("\n"))
  }

  @Test func noServerIsSaidInOneLine() async throws {
    // Nobody may listen on port 1 of this machine.
    let error = try await failure(of: "postgresql://u:s3cret@127.0.0.1:1/db")
    #expect(error.code == .unavailable)
    #expect(error.description.contains("Connection refused"))
    #expect(!error.description.contains("\n") && !error.description.contains("s3cret"))
  }

  @Test func aServerThatSaysNothingIsGivenUpInTime() async throws {
    let peer = try SilentPeer()
    let url = "postgresql://u:s3cret@127.0.0.1:\(peer.port)/db"
    // The one without a limit of its own has the usual 10 seconds.
    let isUsualOver = Mutex(false)
    async let usual = {
      defer { isUsualOver.withLock { $0 = true } }
      return try await failure(of: url)
    }()
    let error = try await failure(of: url + "?connect_timeout=2")
    #expect(!isUsualOver.withLock { $0 }, "the URL's limit holds")
    #expect(error.code == .unavailable && error.description.contains("timeout expired"))
    #expect(try await usual.description.contains("timeout expired"))
  }

  @Test func whatTheURLSaysHoldsOverWhatIsUsual() async throws {
    let server = try await PrivatePostgreSQL.shared()
    let url = server.url(of: "postgres") + "?application_name=other&client_encoding=LATIN1"
    let engine = PostgreSQLEngine(try PostgreSQLURL(url))
    let row = try await engine.read {
      try $0.run(SQLStatement("select current_setting('application_name'), current_setting('client_encoding')"))[0]
    }
    #expect(row.values == [.text("other"), .text("UTF8")], "texts are UTF-8 here, whatever is asked")
    try await engine.close()
  }

  @Test func aUnixSocketWillDo() async throws {
    let server = try await PrivatePostgreSQL.shared()
    let folder = server.folder.path.replacing("/", with: "%2F")
    let url = "postgresql://\(PrivatePostgreSQL.user):\(PrivatePostgreSQL.user)@\(folder):\(server.port)/postgres"
    let engine = PostgreSQLEngine(try PostgreSQLURL(url))
    #expect(try await engine.read { try $0.run(SQLStatement("select inet_server_addr() is null"))[0].integer(0) } == 1)
    try await engine.close()
  }

  @Test func aConnectionThatWasLostWhileIdleIsReplacedUnnoticed() async throws {
    let server = try await PrivatePostgreSQL.shared()
    let url = try await server.makeDatabase()
    let engine = PostgreSQLEngine(try PostgreSQLURL(url))
    let process = SQLStatement("select pg_backend_pid()")
    let first = try await engine.write { try $0.run(process)[0].integer(0) }
    try await server.query("select pg_terminate_backend(\(first), 10000)")
    let second = try await engine.write { try $0.run(process)[0].integer(0) }
    #expect(first != second)
    try await engine.close()
  }

  @Test func aConnectionThatIsLostInATransactionUndoesIt() async throws {
    let server = try await PrivatePostgreSQL.shared()
    let database = try await TestDatabase(server)
    let error = await #expect(throws: StoreError.self) {
      try await database.engine.write { session in
        _ = try session.run(TestDatabase.insert, [.integers([1]), .texts(["one"])])
        _ = try session.run(SQLStatement("select pg_terminate_backend(pg_backend_pid())"))
      }
    }
    #expect(error?.code == .unavailable)
    #expect(
      error?.description.contains("terminating connection due to administrator command") == true,
      "\(error?.description ?? "")")
    #expect(try await database.count() == 0)
    _ = try await database.engine.write { try $0.run(TestDatabase.insert, [.integers([1]), .texts(["one"])]) }
    #expect(try await database.count() == 1)
  }

  @Test func aCommitWhoseAnswerIsLostIsReportedAsUnknown() async throws {
    let server = try await PrivatePostgreSQL.shared()
    let proxy = try FaultProxy(to: server.port)
    defer { proxy.stop() }
    let direct = try await server.makeDatabase()
    let name = direct.split(separator: "/").last.map(String.init) ?? ""
    let engine = PostgreSQLEngine(try PostgreSQLURL(server.url(of: name, port: proxy.port)))
    // A commit that waits for a lock.
    try await engine.write { session in
      try session.execute(
        TestDatabase.table
          + """
          ; create function wait() returns trigger language plpgsql as
            'begin perform pg_advisory_xact_lock(1); return null; end';
          create constraint trigger waits after insert on thing deferrable initially deferred
            for each row execute function wait()
          """)
    }
    let holder = PostgreSQLEngine(try PostgreSQLURL(direct))
    let (isHeld, release) = (Gate(), Gate())
    async let held: Void = holder.write { session in
      try session.execute("select pg_advisory_xact_lock(1)")
      isHeld.open()
      try release.pass()
    }
    let writing = Task {
      try await engine.write { session in
        try isHeld.pass()
        _ = try session.run(TestDatabase.insert, [.integers([1]), .texts(["one"])])
      }
    }
    try await eventually("a commit that waits") {
      try await server.query("select count(*) from pg_locks where locktype = 'advisory' and not granted", in: name)
        == "1"
    }
    proxy.cut()
    let error = await #expect(throws: StoreError.self) { try await writing.value }
    #expect(error?.code == .unavailable)
    #expect(error?.description.contains("whether the transaction was committed is not known") == true)
    release.open()
    try await held
    try await eventually("the commit") { try await server.query("select count(*) from thing", in: name) == "1" }
    // The caller repeats what it wanted, and finds it done.
    let again = try await engine.write { try $0.run(TestDatabase.upsert, [.integers([1]), .texts(["one"])]) }
    #expect(again.isEmpty)
    try await engine.close()
    try await holder.close()
  }
}
