import Testing

@testable import JobStore

@Suite struct ArrayEncoderTests {
  private func encoded(_ columns: [SQLColumn], count: Int) throws -> [[UInt8]] {
    try ArrayEncoder(columns, count: count).withParameters { starts, lengths in
      zip(starts, lengths).map { start, length in
        UnsafeRawBufferPointer(start: start, count: Int(length)).map { $0 }
      }
    }
  }

  /// One dimension, whether there are nulls, the type, the count, the first index.
  private func header(_ type: UInt8, _ second: UInt8 = 0, count: UInt8, hasNull: Bool) -> [UInt8] {
    [0, 0, 0, 1, 0, 0, 0, hasNull ? 1 : 0, 0, 0, second, type, 0, 0, 0, count, 0, 0, 0, 1]
  }

  @Test func columnsAreArraysOneAfterTheOther() throws {
    let arrays = try encoded(
      [.integers([-2, nil]), .texts(["ü", ""]), .bytes([nil, [0, 1]])], count: 2)
    #expect(arrays.count == 3)
    let none: [UInt8] = [255, 255, 255, 255]
    #expect(
      arrays[0] == header(20, count: 2, hasNull: true) + [0, 0, 0, 8, 255, 255, 255, 255, 255, 255, 255, 254] + none)
    #expect(arrays[1] == header(25, count: 2, hasNull: false) + [0, 0, 0, 2, 0xC3, 0xBC, 0, 0, 0, 0])
    #expect(arrays[2] == header(17, count: 2, hasNull: true) + none + [0, 0, 0, 2, 0, 1])
  }

  @Test func aZeroCharacterIsRefused() {
    let error = #expect(throws: StoreError.self) { try ArrayEncoder([.texts(["fine", "a\0b"])], count: 2) }
    #expect(error?.code == .unstorable)
  }

  @Test func aStatementTakesItsBatchAsArrays() {
    let statement = SQLStatement.insert(
      into: "t", [.integer("a"), .text("b"), .bytes("c")], "on conflict (a) do nothing")
    #expect(
      statement.postgreSQLText == """
        insert into t (a, b, c) select a, b, c from \
        unnest($1::bigint[], $2::text[], $3::bytea[]) as v(a, b, c) where true on conflict (a) do nothing
        """)
    #expect(SQLStatement("select 1").postgreSQLText == "select 1")
  }
}
