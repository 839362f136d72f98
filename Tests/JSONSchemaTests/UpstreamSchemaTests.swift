import JSON
import JSONSchema
import Testing

@Suite("Upstream's schemas and messages")
struct UpstreamSchemaTests {
  // Upstream's messages leave the project to the tests that use them: "set by test".
  private static func documents(_ year: String, project: String?) throws -> [[UInt8]] {
    var text = String(decoding: try Fixture.bytes("treeherder-job-messages-\(year).json"), as: UTF8.self)
    if let project { text = text.split(separator: "set by test").joined(separator: project) }
    var splitter = DocumentSplitter(layout: .values)
    Array(text.utf8).withUnsafeBytes { splitter.append($0) }
    splitter.finish()
    var documents: [[UInt8]] = []
    while let document = splitter.next() {
      #expect(document.problem == nil)
      documents.append(document.bytes)
    }
    return documents
  }

  @Test(
    "every upstream message with a project is valid against the schema of its year",
    arguments: ["2017", "2026"], FormatPolicy.allCases)
  func acceptsMessages(year: String, formats: FormatPolicy) throws {
    let schema = try Fixture.schema("treeherder-pulse-job-\(year).yml", formats: formats)
    let validator = Validator(schema)
    for document in try Self.documents(year, project: "try") {
      let errors = try validator.validate(document)
      #expect(errors.isEmpty, "\(errors)")
    }
  }

  @Test(
    "without a project each is invalid for that reason alone",
    arguments: [("2017", 5, "/properties/origin/oneOf"), ("2026", 30, "/properties/origin/properties/project/pattern")])
  func refusesMessages(year: String, count: Int, path: String) throws {
    let schema = try Fixture.schema("treeherder-pulse-job-\(year).yml")
    let documents = try Self.documents(year, project: nil)
    #expect(documents.count == count)
    for document in documents {
      let errors = try Validator(schema).validate(document)
      #expect(errors.first?.schemaPath == path)
      #expect(errors.last?.instancePath == "/origin/project")
    }
  }

  @Test("a short revision is reported with its length and what is asked")
  func explains() throws {
    let schema = try Fixture.schema("treeherder-pulse-job-2026.yml")
    let job = #"""
      {"taskId": "a/0", "origin": {"project": "try", "revision": "9c6e4c3"},
       "buildSystem": "x", "display": {"jobName": "n", "jobSymbol": "s", "groupSymbol": "g"},
       "state": "pending", "jobKind": "test", "version": 1}
      """#
    let errors = try Validator(schema).validate(Array(job.utf8))
    #expect(
      errors.map(\.description) == [
        #"/origin/revision: "9c6e4c3" has 7 characters, at least 40 are asked (minLength)"#
      ])
    #expect(errors.first?.schemaPath == "/properties/origin/properties/revision/minLength")
  }
}
