import Foundation
import JSONSchema

/// What `drover validate` prints of documents.
public enum ValidationReport: String, Sendable, CaseIterable {
  /// A line for each invalid document.
  case text
  /// An object for each document.
  case json

  /// The line of a document, nil where nothing is printed of it.
  ///
  /// - Parameter file: the file's name.
  func line(file: String, line: Int, errors: [ValidationError]) -> String? {
    switch self {
    case .text:
      errors.isEmpty ? nil : "\(file):\(line): \(errors.causes.map(\.description).joined(separator: "; "))"
    case .json:
      #"{"file":\#(Self.quoted(file)),"line":\#(line),"valid":\#(errors.isEmpty),"errors":[\#(Self.objects(errors))]}"#
    }
  }

  private static func objects(_ errors: [ValidationError]) -> String {
    errors.map { error in
      let members = [
        ("instance", error.instancePath), ("schema", error.schemaPath), ("keyword", error.keyword),
        ("message", error.message),
      ]
      return "{" + members.map { #""\#($0)":\#(quoted($1))"# }.joined(separator: ",") + "}"
    }.joined(separator: ",")
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\u{0}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
