extension SQLStatement {
  /// The statement as PostgreSQL takes it: the batch is one array for each column.
  var postgreSQLText: String {
    let arrays = parameters.enumerated().map { "$\($0 + 1)::\($1.type.postgreSQLName)[]" }.joined(separator: ", ")
    let names = parameters.map(\.name).joined(separator: ", ")
    var text = template.replacing("{rows}", with: "unnest(\(arrays)) as v(\(names))")
    for (index, parameter) in parameters.enumerated() where template.contains("\(parameter.name)}") {
      let value = "(($\(index + 1)::\(parameter.type.postgreSQLName)[])[1])"
      func list(of type: String) -> String {
        "= any (array(select j::\(type) from json_array_elements_text(\(value)::json) as j))"
      }
      text = text.replacing("{\(parameter.name)}", with: value)
        .replacing("{in \(parameter.name)}", with: list(of: "text"))
        .replacing("{in integers \(parameter.name)}", with: list(of: "bigint"))
    }
    return text
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
