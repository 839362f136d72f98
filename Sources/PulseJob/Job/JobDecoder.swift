import Glibc
import JSON
import JSONSchema

/// Turns a valid message into a ``Job``, and says what of it could not be kept.
///
/// The schema has been asked before: what is checked here is what it cannot say, that a time can be read and that text
/// can be stored.
struct JobDecoder {
  private(set) var errors: [ValidationError] = []
  private var path: [Step] = []

  /// A step of the way to a value; put into words only where something is wrong there.
  private enum Step: CustomStringConvertible {
    case key(StaticString)
    case index(Int)

    var description: String {
      switch self {
      case .key(let key): "/\(key)"
      case .index(let index): "/\(index)"
      }
    }
  }

  /// The longest owner that is kept, in code points.
  static let ownerLength = 50

  /// Decodes `value`; nil where required members are missing, which ``errors`` then names.
  mutating func decode(_ value: JSONValue) -> Job? {
    guard let taskID = string("taskId", of: value), let buildSystem = string("buildSystem", of: value),
      let origin = nested("origin", of: value, { $0.origin($1) }),
      let display = nested("display", of: value, { $0.display($1) }),
      let state = word("state", of: value, Job.State.self), let kind = word("jobKind", of: value, Job.Kind.self)
    else {
      if errors.isEmpty { fail("required", "the message lacks what makes a job") }
      return nil
    }
    let owner = string("owner", of: value)
    return Job(
      taskID: taskID, isRetried: value["isRetried"]?.boolean ?? false, buildSystem: buildSystem, origin: origin,
      display: display, state: state, result: word("result", of: value, Job.Result.self), kind: kind,
      tier: integer("tier", of: value), coalesced: strings("coalesced", of: value) ?? [],
      timeScheduled: time("timeScheduled", of: value), timeStarted: time("timeStarted", of: value),
      timeCompleted: time("timeCompleted", of: value), labels: strings("labels", of: value),
      owner: owner.map { $0.utf8.count <= Self.ownerLength ? $0 : String($0.unicodeScalars.prefix(Self.ownerLength)) },
      reason: string("reason", of: value), productName: string("productName", of: value),
      buildMachine: nested("buildMachine", of: value) { $0.machine($1) },
      runMachine: nested("runMachine", of: value) { $0.machine($1) },
      links: nested("jobInfo", of: value) { $0.list("links", of: $1) { $0.link($1) } } ?? [],
      logs: list("logs", of: value) { $0.log($1) },
      artifacts: nested("extra", of: value) { $0.list("artifacts", of: $1) { $0.artifact($1) } } ?? [])
  }

  /// Whether a time in a valid message may be unreadable; steps are not looked into, they count as doubtful.
  static func hasDoubtfulTime(_ value: JSONValue) -> Bool {
    for key in ["timeScheduled", "timeStarted", "timeCompleted"] {
      if let text = value[key]?.utf8, Timestamp(utf8: text.bytes) == nil { return true }
    }
    return value["logs"]?.elements?.contains { $0["steps"] != nil } ?? false
  }

  // MARK: The parts

  private mutating func origin(_ value: JSONValue) -> Job.Origin? {
    guard let project = string("project", of: value) else { return nil }
    guard let revision = string("revision", of: value) ?? string("revision_hash", of: value) else { return nil }
    return Job.Origin(project: project, revision: revision)
  }

  private mutating func display(_ value: JSONValue) -> Job.Display? {
    guard let jobName = string("jobName", of: value), let jobSymbol = string("jobSymbol", of: value),
      let groupSymbol = string("groupSymbol", of: value)
    else { return nil }
    return Job.Display(
      jobName: jobName, jobSymbol: jobSymbol, groupName: string("groupName", of: value), groupSymbol: groupSymbol,
      chunkID: integer("chunkId", of: value))
  }

  private mutating func machine(_ value: JSONValue) -> Job.Machine? {
    guard let platform = string("platform", of: value), let os = string("os", of: value),
      let architecture = string("architecture", of: value)
    else { return nil }
    return Job.Machine(name: string("name", of: value), platform: platform, os: os, architecture: architecture)
  }

  /// The 2017 schema constrains the first link only: of any other shape as much is kept as can be shown.
  private mutating func link(_ value: JSONValue) -> Job.Link? {
    let url = string("url", of: value)
    if value.utf8?.containsNull == true { fail("storable", "the text contains the character U+0000") }
    return Job.Link(
      label: string("label", of: value) ?? "link",
      linkText: string("linkText", of: value) ?? url ?? value.string ?? value.text(), url: url)
  }

  private mutating func log(_ value: JSONValue) -> Job.Log? {
    guard let name = string("name", of: value), let url = string("url", of: value) else { return nil }
    return Job.Log(
      name: name, url: url, steps: value["steps"] == nil ? nil : list("steps", of: value) { $0.step($1) },
      areErrorsTruncated: value["errorsTruncated"]?.boolean ?? false)
  }

  private mutating func step(_ value: JSONValue) -> Job.Step? {
    guard let name = string("name", of: value), let result = word("result", of: value, Job.Result.self),
      let first = integer("lineStarted", of: value), let last = integer("lineFinished", of: value)
    else { return nil }
    return Job.Step(
      name: name, result: result, timeStarted: time("timeStarted", of: value),
      timeFinished: time("timeFinished", of: value), lineStarted: first, lineFinished: last,
      errors: list("errors", of: value) { decoder, value in
        Job.LogError(
          line: decoder.string("line", of: value) ?? "", lineNumber: decoder.integer("linenumber", of: value))
      })
  }

  /// `extra` is free-form: what is no artifact is not taken for one.
  private mutating func artifact(_ value: JSONValue) -> Job.Artifact? {
    guard let name = string("name", of: value), let blob = value["blob"] else { return nil }
    return Job.Artifact(
      name: name, type: string("type", of: value) ?? "json", blob: string("blob", of: value) ?? blob.text())
  }

  // MARK: Reading members

  private mutating func string(_ key: StaticString, of value: JSONValue) -> String? {
    guard let text = value[key]?.utf8 else { return nil }
    if text.containsNull { fail("storable", "the text contains the character U+0000", at: .key(key)) }
    return String(text)
  }

  private func integer(_ key: StaticString, of value: JSONValue) -> Int? {
    guard let member = value[key] else { return nil }
    // Draft 6 takes 1.0 for an integer.
    return member.integer.flatMap { Int(exactly: $0) } ?? member.double.flatMap { Int(exactly: $0) }
  }

  private mutating func word<T: RawRepresentable>(_ key: StaticString, of value: JSONValue, _: T.Type) -> T?
  where T.RawValue == String {
    string(key, of: value).flatMap(T.init(rawValue:))
  }

  private mutating func time(_ key: StaticString, of value: JSONValue) -> Timestamp? {
    guard let text = value[key]?.utf8 else { return nil }
    guard let time = Timestamp(utf8: text.bytes) else {
      fail("date-time", "\(JSONExcerpt.quoted(text.bytes)) cannot be read as a date and time", at: .key(key))
      return nil
    }
    return time
  }

  private mutating func strings(_ key: StaticString, of value: JSONValue) -> [String]? {
    guard let elements = value[key]?.elements else { return nil }
    var result: [String] = []
    for (index, element) in elements.enumerated() {
      guard let text = element.utf8 else { continue }
      if text.containsNull {
        fail("storable", "the text contains the character U+0000", at: .key(key), .index(index))
      }
      result.append(String(text))
    }
    return result
  }

  private mutating func nested<T>(
    _ key: StaticString, of value: JSONValue, _ decode: (inout JobDecoder, JSONValue) -> T?
  ) -> T? {
    guard let member = value[key], member.kind == .object else { return nil }
    path.append(.key(key))
    defer { path.removeLast() }
    return decode(&self, member)
  }

  private mutating func list<T>(
    _ key: StaticString, of value: JSONValue, _ decode: (inout JobDecoder, JSONValue) -> T?
  ) -> [T] {
    guard let elements = value[key]?.elements else { return [] }
    var result: [T] = []
    for (index, element) in elements.enumerated() {
      path += [.key(key), .index(index)]
      if let item = decode(&self, element) { result.append(item) }
      path.removeLast(2)
    }
    return result
  }

  private mutating func fail(_ rule: String, _ message: String, at steps: Step...) {
    errors.append(
      ValidationError(
        instancePath: (path + steps).map(\.description).joined(), schemaPath: "", keyword: rule, message: message))
  }
}

extension JSONString {
  fileprivate var containsNull: Bool { bytes.baseAddress.map { memchr($0, 0, bytes.count) != nil } ?? false }
}
