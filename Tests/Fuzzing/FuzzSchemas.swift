import JSON
import JSONSchema

/// Schemas and documents that have something of everything.
enum FuzzSchemas {
  static let texts = [
    #"""
    {"$schema": "http://json-schema.org/draft-06/schema#", "type": ["object", "array", "string", "number"],
     "properties": {"a": {"type": "integer", "minimum": 0}, "b": {"enum": ["x", 1, null, [1.0], {"a": 2}]},
                    "c": {"type": "string", "pattern": "^[\\w-]+$", "minLength": 1, "maxLength": 4}},
     "patternProperties": {"^x|é+$": {"const": {"k": [1, 2]}}}, "additionalProperties": {"$ref": "#"},
     "propertyNames": {"maxLength": 6}, "required": ["a"], "minProperties": 1, "maxProperties": 5,
     "dependencies": {"a": ["b"], "c": {"required": ["a"]}},
     "items": [{"type": "boolean"}, {"multipleOf": 0.01}], "additionalItems": {"$ref": "#"},
     "contains": {"exclusiveMinimum": 3, "exclusiveMaximum": 9e99}, "uniqueItems": true, "maxItems": 30}
    """#,
    #"""
    {"$schema": "http://json-schema.org/draft-04/schema#",
     "oneOf": [{"type": "integer", "maximum": 5, "exclusiveMaximum": true}, {"format": "date-time"},
               {"items": {"anyOf": [{"format": "uri"}, {"format": "email"}, {"$ref": "#"}]}}],
     "allOf": [{"not": {"format": "ipv6"}}, {"not": {"format": "hostname", "minLength": 3, "type": "string"}}]}
    """#,
  ]

  static let documents = [
    "null", "true", "0", "-1.5", "18446744073709551615", #""""#, #""a-é😀""#, "[]", "{}",
    #"{"a": 1, "b": "x", "c": "w-", "é": {"k": [1, 2]}}"#, #"[true, 0.07, 4, "x", [], {"a": [1]}]"#,
    #"["2026-04-02T09:07:01Z", "::1", "127.0.0.1", "a@b.c", "http://a/b?c#d", "/~0", "{+x*}", "(a"]"#,
  ]

  static func compile() -> [Schema] {
    texts.compactMap { try? Schema.compile(Array($0.utf8), formats: .assert) }
  }

  /// Has the three engines search for the same pattern.
  static func checkEngines(_ pattern: String, _ subject: String) {
    func verdict(_ pattern: String) -> Bool? {
      var schema = #"{"pattern":"#
      schema += quoted(pattern) + "}"
      guard let compiled = try? Schema.compile(Array(schema.utf8)) else { return nil }
      return try? JSONParser().withDocument(of: Array(quoted(subject).utf8)) { value in
        let errors = compiled.validate(value)
        return errors.contains { $0.message.contains("too long") } ? nil : errors.isEmpty
      }
    }
    guard let plain = verdict(pattern) else { return }
    for other in [#"(?:\#(pattern))(?:\b|\B)"#, #"(?:\#(pattern))(?=)"#] {
      if let other = verdict(other), other != plain { fatalError("engines differ") }
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      if scalar.value < 0x20 || scalar == "\"" || scalar == "\\" {
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
