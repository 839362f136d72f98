/// A property that a submission has to have, and not empty.
struct PropertyRule {
  enum ValueType {
    case text(limit: Int?)
    case list, object, any
  }

  /// The names from the top down.
  let path: [String]
  let type: ValueType

  /// - Parameter path: names with points between them.
  init(_ path: String, _ type: ValueType) {
    self.path = path.split(separator: ".").map(String.init)
    self.type = type
  }

  /// What is wrong with the property in `data`, if anything.
  func problem(in data: SubmissionValue) -> SubmissionProblem? {
    var value = data
    for name in path {
      guard let member = value[name] else { return problem(.missing) }
      value = member
    }
    guard !value.isEmpty else { return problem(.empty) }
    switch (type, value) {
    case (.text(let limit), .string(let text)):
      // The server counts as Python does: in code points.
      let length = text.unicodeScalars.count
      return limit.flatMap { length > $0 ? problem(.tooLong(length: length, limit: $0)) : nil }
    case (.text, _): return problem(.wrongType(asked: "a text", found: value.kind))
    case (.list, .array), (.object, .object), (.any, _): return nil
    case (.list, _): return problem(.wrongType(asked: "a list", found: value.kind))
    case (.object, _): return problem(.wrongType(asked: "an object", found: value.kind))
    }
  }

  private func problem(_ kind: SubmissionProblem.Kind) -> SubmissionProblem {
    SubmissionProblem(path: path.joined(separator: "."), kind: kind)
  }
}
