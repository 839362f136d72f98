import Foundation

/// A query that is put together from a fixed part and conditions; what came from outside is only ever bound.
struct ReadingStatement {
  private var conditions: [String] = []
  private var parameters: [SQLStatement.Parameter] = []
  private(set) var columns: [SQLColumn] = []
  /// How many conditions there are whose field or operation somebody chose.
  private var chosen = 0

  /// Binds a number and returns what stands for it.
  mutating func bind(_ value: Int64) -> String {
    parameters.append(.integer("p\(parameters.count)"))
    columns.append(.integers([value]))
    return "{p\(parameters.count - 1)}"
  }

  /// Binds a text and returns what stands for it.
  mutating func bind(_ value: String) -> String {
    parameters.append(.text("p\(parameters.count)"))
    columns.append(.texts([value.withoutNull]))
    return "{p\(parameters.count - 1)}"
  }

  /// Binds a list and returns the comparison with its values.
  mutating func bindList(_ values: [Int64]) -> String {
    parameters.append(.text("p\(parameters.count)"))
    columns.append(.texts(["[\(values.map(String.init).joined(separator: ","))]"]))
    return "{in integers p\(parameters.count - 1)}"
  }

  /// Binds a list and returns the comparison with its values.
  mutating func bindList(_ values: [String]) throws(StoreError) -> String {
    // An array of texts can always be encoded.
    guard let json = try? JSONEncoder().encode(values.map(\.withoutNull)) else {
      throw StoreError(.unstorable, "a list of texts cannot be told to the store")
    }
    parameters.append(.text("p\(parameters.count)"))
    columns.append(.texts([String(decoding: json, as: UTF8.self)]))
    return "{in p\(parameters.count - 1)}"
  }

  /// Adds a condition of the program's own.
  mutating func add(_ condition: String) { conditions.append(condition) }

  /// Adds a condition that somebody chose.
  mutating func add<Field>(_ filter: FieldFilter<Field>, _ expression: String, _ kind: FieldKind) throws(StoreError) {
    chosen += filter.operation == .equal || filter.operation == .anyOf ? 1 : 2
    switch filter.values {
    case .texts(let values):
      guard kind == .text else { throw misfit }
      switch filter.operation {
      case .anyOf: add("\(expression) \(try bindList(values))")
      case .noneOf: add("(\(expression) is null or not \(expression) \(try bindList(values)))")
      default:
        guard let value = values.first else { throw misfit }
        addComparison(expression, filter.operation.symbol, bind(value))
      }
    case .integers(let values):
      guard kind != .text else { throw misfit }
      // Ranges of seconds are asked for in milliseconds, so that an index of them is of use.
      let whole = kind == .seconds ? "(\(expression) / 1000)" : expression
      switch filter.operation {
      case .anyOf: add("\(whole) \(bindList(values))")
      case .noneOf: add("(\(whole) is null or not \(whole) \(bindList(values)))")
      case .atLeast, .below:
        guard let value = values.first else { throw misfit }
        addComparison(expression, filter.operation.symbol, bind(kind == .seconds ? Self.milliseconds(value) : value))
      case .above, .atMost:
        guard let value = values.first else { throw misfit }
        if kind == .seconds {
          let next = Self.milliseconds(value.addingReportingOverflow(1).partialValue)
          addComparison(expression, filter.operation == .above ? ">=" : "<", bind(next))
        } else {
          addComparison(expression, filter.operation.symbol, bind(value))
        }
      case .equal, .notEqual:
        guard let value = values.first else { throw misfit }
        addComparison(whole, filter.operation.symbol, bind(value))
      }
    }
  }

  private mutating func addComparison(_ expression: String, _ symbol: String, _ value: String) {
    add("\(expression) \(symbol) \(value)")
  }

  private static func milliseconds(_ seconds: Int64) -> Int64 {
    let (value, hasOverflown) = seconds.multipliedReportingOverflow(by: 1000)
    return hasOverflown ? (seconds < 0 ? .min : .max) : value
  }

  private var misfit: StoreError { StoreError(.failed, "a field was compared with values of another type") }

  /// The conditions as SQL.
  var condition: String { conditions.isEmpty ? "1 = 1" : conditions.joined(separator: " and ") }

  /// The whole statement. Of its variants only the simple ones are kept: there are countless others.
  func statement(_ text: String) -> SQLStatement { SQLStatement(text, parameters, isKept: chosen <= 1) }
}

extension FieldFilter.Operation {
  fileprivate var symbol: String {
    switch self {
    case .equal, .anyOf, .noneOf: "="
    case .above: ">"
    case .atLeast: ">="
    case .below: "<"
    case .atMost: "<="
    case .notEqual: "is distinct from"
    }
  }
}
