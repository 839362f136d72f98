/// The keywords that can be broken, and those on the way to them.
enum Keyword: String, Sendable {
  case additionalItems, additionalProperties, allOf, anyOf, const, contains, dependencies
  case `enum`, exclusiveMaximum, exclusiveMinimum, format, items, maximum, maxItems, maxLength
  case maxProperties, minimum, minItems, minLength, minProperties, multipleOf, not, oneOf
  case pattern, patternProperties, properties, propertyNames, required, type, uniqueItems
  case reference = "$ref"
  /// A schema that is `false`.
  case nothing = "false"
}
