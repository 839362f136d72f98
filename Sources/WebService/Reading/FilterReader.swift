import Foundation
import JobStore

/// From parameters as `state__in=pending,running` to conditions on fields.
enum FilterReader {
  /// How many values a list may have.
  static let maximumListCount = 2000

  /// The conditions on fields that are known; other parameters are passed over, as Treeherder does.
  ///
  /// - Parameter field: the field of a name, with what it holds.
  /// - Throws: ``WebError`` with status 400 for a value that the field cannot have.
  static func filters<Field: Sendable & Hashable>(
    _ query: QueryParameters, field: (String) -> (field: Field, kind: FieldKind)?
  ) throws(WebError) -> [FieldFilter<Field>] {
    var filters: [FieldFilter<Field>] = []
    for (name, value) in query.all {
      guard let (fieldName, operation) = split(name, for: Field.self), let (field, kind) = field(fieldName) else {
        continue
      }
      let isList = operation == .anyOf || operation == .noneOf
      let texts = isList ? value.split(separator: ",").map { String($0) } : [value]
      guard texts.count <= maximumListCount else {
        throw .badParameter(name, "has more than \(maximumListCount) values")
      }
      filters.append(FieldFilter(field, operation, try values(texts, kind, of: name)))
    }
    return filters
  }

  /// A name and its operation; nil for an operation that is not known.
  private static func split<Field>(_ name: String, for _: Field.Type) -> (String, FieldFilter<Field>.Operation)? {
    // `job__guid` is a name of its own: what follows the underscores is no operation there.
    guard let separator = name.range(of: "__", options: .backwards) else { return (name, .equal) }
    guard let operation = FieldFilter<Field>.Operation(rawValue: String(name[separator.upperBound...])),
      operation != .equal
    else { return (name, .equal) }
    return (String(name[..<separator.lowerBound]), operation)
  }

  private static func values<Field>(
    _ texts: [String], _ kind: FieldKind, of name: String
  ) throws(WebError) -> FieldFilter<Field>.Values {
    guard kind != .text else { return .texts(texts) }
    var integers: [Int64] = []
    for text in texts {
      guard let value = integer(text, kind) else { throw .badParameter(name, reason(kind)) }
      integers.append(value)
    }
    return .integers(integers)
  }

  private static func integer(_ text: String, _ kind: FieldKind) -> Int64? {
    switch kind {
    case .integer: Int64(text)
    case .seconds: Int64(text) ?? CalendarTime.milliseconds(text).map { $0 / 1000 }
    case .milliseconds:
      CalendarTime.milliseconds(text)
        ?? Int64(text).flatMap { seconds in
          let (value, hasOverflown) = seconds.multipliedReportingOverflow(by: 1000)
          return hasOverflown ? nil : value
        }
    // A state that there is not is one that no job is in.
    case .state: Int64(JobRecord.State.allCases.first { $0.name == text }?.rawValue ?? -1)
    case .text: nil
    }
  }

  private static func reason(_ kind: FieldKind) -> String {
    switch kind {
    case .seconds, .milliseconds: "is neither a time in seconds nor one as 2016-06-10T15:40:16"
    case .integer, .state, .text: "is no whole number"
    }
  }
}
