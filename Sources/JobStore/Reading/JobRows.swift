/// How the rows of jobs are put together from the jobs' own columns and from what they refer to.
enum JobRows {
  private static let own = JobField.allCases.filter { $0.source.reference == nil }

  /// The columns of jobs that are read: fields of their own, and the numbers of what they refer to.
  static let columns =
    (own.map(\.source.expression) + JobField.Reference.allCases.map(\.column)).joined(separator: ", ")

  // MARK: What they refer to

  /// The columns of a reference that fields are read from.
  private static let referenceColumns = JobField.Reference.allCases.map { reference in
    var columns: [JobField.Source] = []
    for source in JobField.allCases.map(\.source)
    where source.reference == reference && !columns.contains(where: { $0.column == source.column }) {
      columns.append(source)
    }
    return columns
  }

  private static let width = referenceColumns.map(\.count).max() ?? 0

  /// Reads rows of every reference: which one it is, the row's number, and its columns.
  static let references = SQLStatement(
    zip(JobField.Reference.allCases, referenceColumns).enumerated().map { index, element in
      let (reference, columns) = element
      let texts = columns.map(\.column) + repeatElement("null", count: width - columns.count)
      return """
        select \(index), \(reference.rawValue).id, \(texts.joined(separator: ", ")) from \(reference.table)
        where \(reference.rawValue).id {in integers \(reference.rawValue)}
        """
    }.joined(separator: " union all "), JobField.Reference.allCases.map { .text($0.rawValue) })

  /// What ``references`` is asked for: the numbers that jobs have, each once.
  static func ids(_ jobs: RowTable) -> [SQLColumn] {
    JobField.Reference.allCases.indices.map { index in
      var ids: Set<Int64> = []
      for row in 0..<jobs.count {
        if let id = jobs.integer(row, own.count + index) { ids.insert(id) }
      }
      return .texts(["[\(ids.sorted().map(String.init).joined(separator: ","))]"])
    }
  }

  // MARK: Together

  /// Where a field's value is found.
  private enum Place {
    case own(column: Int)
    case reference(Int, column: Int)
  }

  private static let places = JobField.allCases.map { field in
    guard let reference = field.source.reference,
      let index = JobField.Reference.allCases.firstIndex(of: reference),
      let column = referenceColumns[index].firstIndex(where: { $0.column == field.source.column })
    else { return Place.own(column: own.firstIndex(of: field) ?? 0) }
    return Place.reference(index, column: column + 2)
  }

  /// A row for each reference, in their order, with what stands for one that a job does not have.
  private static let absent: RowTable = {
    var table = RowTable()
    for columns in referenceColumns {
      table.beginRow(width: width + 2)
      table.appendNull()
      table.appendNull()
      for column in 0..<width {
        guard column < columns.count, let text = columns[column].absent else {
          table.appendNull()
          continue
        }
        Array(text.dropFirst().dropLast().utf8).withUnsafeBytes { table.append($0) }
      }
    }
    return table
  }()

  /// Rows in the order of ``JobField``.
  static func rows(_ jobs: RowTable, _ references: RowTable) -> RowTable {
    let firsts = absent.count
    var rows = Array(repeating: [Int64: Int](), count: firsts)
    for row in 0..<references.count {
      guard let index = references.integer(row, 0), let id = references.integer(row, 1) else { continue }
      rows[Int(index)][id] = firsts + row
    }
    var merger = RowTable.Merger(jobs, absent, references, width: places.count)
    var referred = Array(repeating: 0, count: firsts)
    for row in 0..<jobs.count {
      for index in referred.indices {
        referred[index] = jobs.integer(row, own.count + index).flatMap { rows[index][$0] } ?? index
      }
      for place in places {
        switch place {
        case .own(let column): merger.appendFirst(row, column)
        case .reference(let index, let column): merger.appendSecond(referred[index], column)
        }
      }
    }
    return merger.table
  }
}
