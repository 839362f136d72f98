import Foundation
import JSONSchema
import PulseJob
import Support
import Testing

@testable import Commands

@Suite struct JobInputTests {
  static let good = #"""
    {"taskId": "t", "buildSystem": "ci", "state": "pending", "jobKind": "build", "version": 1, \#
    "origin": {"project": "orchard", "revision": "ba0d49136409ae56d053e5873d34a305eeb6f770"}, \#
    "display": {"jobName": "b", "jobSymbol": "B", "groupSymbol": "?"}}
    """#
  static let bad = good.replacing(#""jobKind": "build""#, with: #""jobKind": "cake""#)

  func documents(_ name: String, _ text: String) throws -> [JobInput.Checked] {
    let file = try Repository.temporaryFolder().appending(path: name)
    try Data(text.utf8).write(to: file)
    var input = JobInput([file.path], contract: try .bundled(formats: .assert))
    var documents: [JobInput.Checked] = []
    while case .document(let document) = input.next() { documents.append(document) }
    return documents
  }

  @Test func aListGivesItsElementsWithTheirLines() throws {
    let documents = try documents("jobs.json", "[\n\(Self.good),\n\(Self.bad),\n\n\(Self.good)\n]\n")
    #expect(documents.map(\.line) == [2, 3, 5])
    #expect(documents.map(\.errors.isEmpty) == [true, false, true])
    #expect(documents[1].errors.map(\.instancePath) == ["/jobKind"])
    #expect(documents.map(\.project) == ["orchard", nil, "orchard"])
  }

  @Test func aLineThatIsNoJSONLeavesTheOthersAlone() throws {
    let documents = try documents("jobs.jsonl", "\(Self.good)\n{\"taskId\": \n\n\(Self.good)")
    #expect(documents.map(\.line) == [1, 2, 4])
    #expect(documents.map(\.errors.isEmpty) == [true, false, true])
    #expect(documents[1].errors.map(\.keyword) == ["json"])
  }

  @Test func anErrorIsDescribedAsACompilerDoes() throws {
    let document = try #require(try documents("one.json", Self.bad).first)
    #expect(document.description.contains("one.json:1: /jobKind: "))
    #expect(document.description.hasSuffix("(enum)"))
  }

  @Test func whatCannotBeReadIsCountedAndTheNextFileTaken() throws {
    let folder = try Repository.temporaryFolder()
    let empty = folder.appending(path: "empty.json")
    try Data().write(to: empty)
    let good = folder.appending(path: "good.json")
    try Data(Self.good.utf8).write(to: good)
    var input = JobInput(
      [folder.path, "/nonexistent", empty.path, good.path], contract: try .bundled(formats: .assert))
    guard case .document(let document) = input.next(), case .end = input.next() else {
      Issue.record("one document was to come")
      return
    }
    #expect(document.file == good.path)
    #expect(input.refusedFiles == 3)
  }
}
