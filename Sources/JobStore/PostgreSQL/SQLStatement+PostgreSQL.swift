extension SQLStatement {
  /// The statement as PostgreSQL takes it: the batch is one array for each column.
  var postgreSQLText: String {
    let arrays = parameters.enumerated().map { "$\($0 + 1)::\($1.type.postgreSQLName)[]" }.joined(separator: ", ")
    let names = parameters.map(\.name).joined(separator: ", ")
    func value(_ index: Int) -> String { "(($\(index + 1)::\(parameters[index].type.postgreSQLName)[])[1])" }
    func list(_ index: Int, of type: String) -> String {
      "= any (array(select j::\(type) from json_array_elements_text(\(value(index))::json) as j))"
    }
    return Self.filled(template, parameters) { place in
      switch place {
      case .rows: "unnest(\(arrays)) as v(\(names))"
      case .value(let index): value(index)
      case .list(let index): list(index, of: "text")
      case .integerList(let index): list(index, of: "bigint")
      }
    }
  }
}

extension SQLStatement.ParameterType {
  fileprivate var postgreSQLName: String {
    switch self {
    case .integer: "bigint"
    case .text: "text"
    case .bytes: "bytea"
    }
  }
}
