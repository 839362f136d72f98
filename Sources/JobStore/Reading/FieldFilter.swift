/// What a field holds, and how it is compared.
public enum FieldKind: Sendable, Hashable {
  /// A whole number.
  case integer
  /// Text.
  case text
  /// A time that is stored in milliseconds and compared in whole seconds since 1970-01-01 00:00:00 UTC.
  case seconds
  /// A time in milliseconds since 1970-01-01 00:00:00 UTC.
  case milliseconds
  /// The number of a ``JobRecord/State``.
  case state
}

/// A condition on a field: rows that do not meet it are left out.
public struct FieldFilter<Field: Sendable & Hashable>: Sendable, Hashable {
  /// How the field is compared; the names are those of the HTTP interface, behind two underscores.
  public enum Operation: String, Sendable, Hashable, CaseIterable {
    /// Equal to the value; has no name.
    case equal = ""
    /// Equal to one of the values.
    case anyOf = "in"
    /// Equal to none of the values; true where there is no value.
    case noneOf = "nin"
    case above = "gt"
    case atLeast = "gte"
    case below = "lt"
    case atMost = "lte"
    /// Different from the value; true where there is no value.
    case notEqual = "ne"
  }

  /// What a field is compared with: one value, or a list for `anyOf` and `noneOf`.
  public enum Values: Sendable, Hashable {
    case integers([Int64])
    case texts([String])
  }

  /// The field.
  public let field: Field
  /// How it is compared.
  public let operation: Operation
  /// With what; of the type that the field's kind asks for.
  public let values: Values

  /// A condition.
  public init(_ field: Field, _ operation: Operation = .equal, _ values: Values) {
    self.field = field
    self.operation = operation
    self.values = values
  }
}
