import Testing

@testable import JobStore

@Suite struct SQLStatementTests {
  @Test func aBatchStandsWhereItsRowsBelong() {
    let statement = SQLStatement("select v.a from {rows} where v.b = 1", [.integer("a"), .text("b")])
    #expect(statement.rowByRow == "select v.a from (select ?1 as a, ?2 as b) as v where v.b = 1")
    #expect(statement.postgreSQLText == "select v.a from unnest($1::bigint[], $2::text[]) as v(a, b) where v.b = 1")
  }

  @Test func parametersAreFoundByTheirWholeNames() {
    let parameters = (0...10).map { SQLStatement.Parameter.integer("p\($0)") }
    let statement = SQLStatement("x = {p1} and y = {p10} and z {in integers p0} and w {in p2}", parameters)
    #expect(
      statement.rowByRow == """
        x = ?2 and y = ?11 and z in (select value from json_each(?1)) and w in (select value from json_each(?3))
        """)
    #expect(statement.postgreSQLText.hasPrefix("x = (($2::bigint[])[1]) and y = (($11::bigint[])[1]) and z = any ("))
  }

  @Test(arguments: ["select '{}'", "select '{other}'", "select '{in p0 p0}'", "select '{' || '", "select 'é{ü}'"])
  func otherBracesStay(_ text: String) {
    #expect(SQLStatement(text, [.integer("p0")]).rowByRow == text)
    #expect(SQLStatement(text, [.integer("p0")]).postgreSQLText == text)
  }
}
