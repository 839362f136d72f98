import Testing

@testable import JobStore
@testable import WebService

extension JobRecord {
  /// A job of orchard, completed if nothing else is said.
  static func sample(
    _ guid: String, _ symbol: String = "1", group: String = "M", platform: String = "linux64",
    options: [String] = ["opt"],
    state: State = .completed, result: String = "success", revision: String = TestService.revision,
    _ change: (inout JobRecord) -> Void = { _ in }
  ) -> JobRecord {
    var record = JobRecord(
      repository: "orchard", revision: revision, guid: guid, state: state,
      result: state == .completed ? result : "unknown", name: "mochitest-\(symbol)", symbol: symbol,
      groupSymbol: group, buildSystem: "ci", signature: "signature of \(platform) \(group) \(symbol)")
    record.groupName = group == "?" ? nil : "Group \(group)"
    record.machinePlatform = Platform(os: "linux", platform: platform, architecture: "x86_64")
    record.options = options
    record.optionHash = "hash of \(options)"
    record.submitTime = 1_759_737_600_000
    record.startTime = state == .pending ? nil : 1_759_737_660_000
    record.endTime = state == .completed ? 1_759_738_950_000 : nil
    change(&record)
    return record
  }
}

extension TestService {
  /// Stores jobs as they are.
  func load(_ records: [JobRecord]) async throws {
    _ = try await store.load(
      records.map { record in
        .init(
          origin: .init(exchange: "e", routingKey: "k", receivedTime: 1_759_737_500_000), content: .job(record))
      }, policy: LoadPolicy())
  }

  /// The number of the job of a guid.
  func job(_ guid: String) async throws -> Int64 { try await id("job where guid = '\(guid)'") }
}

extension TestService.Answer {
  /// The text of the page with its tags taken away and its white space drawn together.
  var text: String {
    var text = ""
    var isTag = false
    for character in body {
      if character == "<" { isTag = true }
      if !isTag { text.append(character) }
      if character == ">" {
        isTag = false
        text.append(" ")
      }
    }
    return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
