import Foundation
import JSON
import JSONSchema
import Testing

/// The suite of the JSON Schema organization, as `jsonschema`'s source package brings it.
///
/// The environment variable DROVER_JSON_SCHEMA_SUITE names its folder, which has `tests` and
/// `remotes` in it.
@Suite("The official JSON Schema suite")
struct OfficialSuiteTests {
  static let variable = "DROVER_JSON_SCHEMA_SUITE"

  /// A file of the suite, and how it is run.
  struct File: CustomTestStringConvertible, Sendable {
    let url: URL
    let draft: SchemaDraft
    let formats: FormatPolicy
    var testDescription: String {
      url.pathComponents.drop { !$0.hasPrefix("draft") }.joined(separator: "/")
    }
  }

  static let folder = ProcessInfo.processInfo.environment[variable].map(URL.init(fileURLWithPath:))

  static let files: [File] = {
    guard let folder else { return [] }
    var files: [File] = []
    for (name, draft) in [("draft4", SchemaDraft.draft4), ("draft6", .draft6)] {
      let tests = folder.appendingPathComponent("tests/\(name)")
      guard let paths = FileManager.default.subpaths(atPath: tests.path) else { continue }
      for path in paths.sorted() where path.hasSuffix(".json") {
        files.append(
          File(
            url: tests.appendingPathComponent(path), draft: draft,
            formats: path.hasPrefix("optional/format") ? .assert : .ignore))
      }
    }
    // Formats that are known here and that draft-06 has no tests for yet.
    for name in ["date", "time", "regex"] {
      let url = folder.appendingPathComponent("tests/draft7/optional/format/\(name).json")
      files.append(File(url: url, draft: .draft6, formats: .assert))
    }
    return files
  }()

  static let remotes: [String: [UInt8]] = {
    guard let folder = folder?.appendingPathComponent("remotes"),
      let paths = FileManager.default.subpaths(atPath: folder.path)
    else { return [:] }
    var remotes: [String: [UInt8]] = [:]
    for path in paths where path.hasSuffix(".json") {
      let data = try? Data(contentsOf: folder.appendingPathComponent(path))
      remotes["http://localhost:1234/\(path)"] = data.map(Array.init)
    }
    return remotes
  }()

  /// `file: case: test`, one a line, each with its reason on the comment line above.
  static let exclusions: Set<String> = {
    let bytes = try? Data(contentsOf: Fixture.file("suite-exclusions.txt"))
    let lines = String(decoding: bytes ?? Data(), as: UTF8.self).split(separator: "\n")
    return Set(lines.filter { !$0.hasPrefix("#") }.map(String.init))
  }()

  @Test("the suite is where the environment says, and complete")
  func isThere() {
    #expect(Self.folder != nil, "set \(Self.variable) to the folder with the suite")
    #expect(Self.files.count >= 60, "\(Self.folder?.path ?? "") lacks tests/draft4 or draft6")
    #expect(!Self.remotes.isEmpty)
  }

  @Test("every test of a file has the verdict that it asks", arguments: files)
  func agrees(file: File) throws {
    let bytes = Array(try Data(contentsOf: file.url))
    try JSONParser(numbers: .rounded).withDocument(of: bytes) { root in
      for group in try #require(root.elements) {
        let name = "\(file.testDescription): \(group["description"]?.string ?? "")"
        let schema: Schema
        do {
          schema = try Schema.compile(
            Array((group["schema"]?.text() ?? "").utf8), formats: file.formats,
            documents: Self.remotes, draft: file.draft)
        } catch {
          Issue.record("\(name): \(error)")
          continue
        }
        for test in try #require(group["tests"]?.elements) {
          let testName = "\(name): \(test["description"]?.string ?? "")"
          let data = try #require(test["data"])
          let isValid = schema.isValid(data)
          #expect(isValid == schema.validate(data).isEmpty, "\(testName)")
          if Self.exclusions.contains(testName) { continue }
          #expect(isValid == test["valid"]?.boolean, "\(testName)")
        }
      }
    }
  }
}
