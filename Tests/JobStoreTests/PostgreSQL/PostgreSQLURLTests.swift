import Testing

@testable import JobStore

@Suite struct PostgreSQLURLTests {
  @Test(arguments: [
    ("postgresql://u:s3cret@db.test:5433/jobs", "postgresql://db.test:5433/jobs"),
    ("postgres://u:s3cret@db.test/jobs?sslmode=require", "postgresql://db.test/jobs"),
    ("postgresql://u:s%40%3A%2Fcret@one.test:1,two.test:2/jobs", "postgresql://one.test:1,two.test:2/jobs"),
    ("postgresql://one.test,two.test/jobs?port=7&password=s3cret", "postgresql://one.test:7,two.test:7/jobs"),
    ("postgresql://u@%2Fvar%2Frun%2Fpostgresql/jobs", "postgresql:///var/run/postgresql/jobs"),
    ("postgresql:///jobs?host=/run/pg&user=me@tenant", "postgresql:///run/pg/jobs"),
    ("postgresql://u:s3cret@[::1]:5432/jobs", "postgresql://[::1]:5432/jobs"),
    ("postgresql://u:?s3cret@host/db?sslmode=require", "postgresql://host/db"),
    ("postgresql://host/db?user=me@tenant", "postgresql://host/db"),
    ("postgresql://", "postgresql://"),
  ])
  func itIsShownWithoutUserAndPassword(_ text: String, _ description: String) throws {
    let url = try PostgreSQLURL(text)
    #expect(url.description == description)
    #expect("\(url)" == description && String(reflecting: url) == description)
    var dumped = ""
    dump(url, to: &dumped)
    #expect(!dumped.contains("cret"))
    #expect(url.text == text, "libpq gets it as it is")
  }

  @Test(arguments: [
    "", "jobs.db", "postgresql:u:s3cret@host/db", "mysql://u:s3cret@host/db", "postgresql://u:s3cret@[::1/db",
    "postgresql://u:s3cret@[]/db", "postgresql://u:s3cret@[::1]x/db", "postgresql://u:s3cret%@host/db",
    "postgresql://u:s3cret%00@host/db", "postgresql://u:s3cret%zz@host/db", "postgresql://u:s3cret@host/db?s3cret",
    "postgresql://u:s3cret@host/db?s3cret=1", "postgresql://u:s3cret@host/db?password=s3cret=1",
    "postgresql://u:pass@s3cret@host/db", "postgresql://u:pass/s3cret@host/db",
    "postgresql://u:pass?s3cret@s3cret@host/db", "postgresql://u:s3cret?@host:s3cret/db",
    "postgresql://u:s3cret:5432/db",
    "postgresql://u:s3cret@host:0/db", "postgresql://u:s3cret@host:65536/db", "postgresql://u:s3cret@host:x/db",
    "postgresql://u:s3cret@host/db\0",
  ])
  func oneThatIsWrongIsRefusedWithoutRepeatingIt(_ text: String) {
    let error = #expect(throws: StoreError.self) { try PostgreSQLURL(text) }
    #expect(error?.code == .invalidURL)
    #expect(error?.description.hasPrefix("store URL: ") == true)
    #expect(error?.description.contains("s3cret") == false, "\(error?.description ?? "")")
  }

  @Test func whatIsWrongIsSaid() {
    let error = #expect(throws: StoreError.self) { try PostgreSQLURL("postgresql://u:s3cret%zz@host/db") }
    #expect(error?.description == "store URL: invalid percent-encoded token")
  }
}
