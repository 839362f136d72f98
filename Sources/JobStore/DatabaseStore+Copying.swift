extension DatabaseStore {
  /// Copies everything into `target`, whose schema is up to date and which holds nothing yet, numbers and all.
  ///
  /// What is written meanwhile may be missed: nobody else should write. Pages are transactions of their own; where it
  /// fails, what was copied by then is in `target`, which has to be made anew.
  ///
  /// - Parameter progress: told the table at hand, how many of its rows are done, and how many there are.
  /// - Returns: how many rows there were.
  /// - Throws: ``StoreError``, with code `failed` where `target` holds something already.
  public func copy(
    into target: DatabaseStore, progress: (_ table: String, _ done: Int, _ total: Int) -> Void = { _, _, _ in }
  ) async throws -> Int {
    let tables = SchemaTable.copied
    for table in tables where try await target.count(table) > 0 {
      throw StoreError(.failed, "the store to copy into holds rows of \(table.name): an empty one is asked for")
    }
    var count = 0
    for table in tables {
      let total = try await self.count(table)
      var done = 0
      count += try await TableCopy(table: table, source: engine, target: target.engine).run { rows in
        done += rows
        progress(table.name, done, total)
      }
    }
    return count
  }

  private func count(_ table: SchemaTable) async throws -> Int {
    let statement = SQLStatement("select count(*) from \(table.name)")
    return try await engine.read { Int(try $0.run(statement).first?.integer(0) ?? 0) }
  }
}
