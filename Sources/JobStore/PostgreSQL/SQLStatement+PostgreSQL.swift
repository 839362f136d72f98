extension SQLStatement {
  /// The statement as PostgreSQL takes it: the batch is one array for each column.
  var postgreSQLText: String {
    let arrays = parameters.enumerated().map { "$\($0 + 1)::\($1.type.postgreSQLName)[]" }.joined(separator: ", ")
    let names = parameters.map(\.name).joined(separator: ", ")
    return template.replacing("{rows}", with: "unnest(\(arrays)) as v(\(names))")
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
