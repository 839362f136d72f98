/// The arguments and headers of AMQP: a table from names (at most 255 bytes; AMQP itself allows 128) to values.
public typealias FieldTable = [String: FieldValue]

/// One value of a ``FieldTable``.
///
/// Integers of every AMQP width are read as 64-bit signed ones (an unsigned one above their range as the largest) and
/// written as AMQP's 64-bit integer, which RabbitMQ takes for all of its own arguments.
public indirect enum FieldValue: Sendable, Hashable {
  case boolean(Bool)
  case integer(Int64)
  case double(Double)
  /// A long string. RabbitMQ makes no difference between text and bytes; bytes that are no UTF-8 are repaired.
  case string(String)
  /// Seconds since 1970-01-01 00:00:00 UTC.
  case timestamp(UInt64)
  case table(FieldTable)
  case array([FieldValue])
  case null

  /// The value as an integer, nil where it is none.
  public var integer: Int64? {
    if case .integer(let number) = self { number } else { nil }
  }

  /// The value as text, nil where it is none.
  public var string: String? {
    if case .string(let text) = self { text } else { nil }
  }
}

extension FieldValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
  /// A long string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A 64-bit integer.
  public init(integerLiteral value: Int64) { self = .integer(value) }
  /// A boolean.
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
}

extension FieldTable {
  /// - Throws: `invalidArgument` for a name over 255 bytes, here or further in: librabbitmq would write the wrong length.
  func checkNames() throws(RabbitMQError) {
    for (name, value) in self {
      try ShortString.check(name)
      try value.checkNames()
    }
  }
}

extension FieldValue {
  fileprivate func checkNames() throws(RabbitMQError) {
    switch self {
    case .table(let table): try table.checkNames()
    case .array(let values): for value in values { try value.checkNames() }
    default: break
    }
  }
}
