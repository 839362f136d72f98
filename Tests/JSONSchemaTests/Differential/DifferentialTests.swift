import Foundation
import JSON
import JSONSchema
import Support
import Testing

/// Drover's verdicts beside those of Python's `jsonschema` on job messages with mistakes.
///
/// DROVER_PYTHON names an interpreter with `jsonschema` and `PyYAML`; DROVER_SEED repeats a run, and
/// DROVER_DIFFERENTIAL_COUNT changes the number of messages for each schema.
@Suite("Differences from Python's jsonschema")
struct DifferentialTests {
  private static let environment = ProcessInfo.processInfo.environment

  @Test("there are none but those of Python's regular expressions")
  func agrees() throws {
    let python = try #require(
      Self.environment["DROVER_PYTHON"], "set DROVER_PYTHON to an interpreter")
    let seed = Self.environment["DROVER_SEED"].flatMap(UInt64.init) ?? .random(in: 0...UInt64.max)
    let count = Self.environment["DROVER_DIFFERENTIAL_COUNT"].flatMap(Int.init) ?? 5000
    print("differential test: DROVER_SEED=\(seed), \(count) messages")

    let documents = try Self.documents(count: count, seed: seed)
    let verdicts = try Self.askPython(python, documents)
    try #require(verdicts.count == documents.count)
    let validator = Validator(try Schema.compile(Array(Data(contentsOf: Fixture.contract))))
    var (refused, fromExpressions) = (0, 0)
    for (document, verdict) in zip(documents, verdicts) {
      let errors = try validator.validate(Array(document.utf8))
      // Python reports a branch's own breaks below that of the branches.
      let breaks = errors.filter { !$0.schemaPath.contains("/oneOf/") && !$0.schemaPath.contains("/anyOf/") }
        .map { "\($0.instancePath) \($0.keyword)" }
      #expect(Set(breaks) == Set(verdict.breaks), "DROVER_SEED=\(seed): \(document)")
      #expect(errors.isEmpty == verdict.isValidByECMA, "DROVER_SEED=\(seed): \(document)")
      if !errors.isEmpty { refused += 1 }
      if verdict.isValid != verdict.isValidByECMA { fromExpressions += 1 }
    }
    print("\(refused) refused, \(fromExpressions) with another verdict by Python's own expressions")
    #expect(refused > count / 5 && refused < count)
  }

  private static func documents(count: Int, seed: UInt64) throws -> [String] {
    var trees: [Tree] = []
    for file in Fixture.samples {
      var splitter = DocumentSplitter(layout: .values)
      try Array(Data(contentsOf: file)).withUnsafeBytes { splitter.append($0) }
      splitter.finish()
      while let document = splitter.next() {
        trees.append(try JSONParser().withDocument(of: document.bytes) { Tree($0) })
      }
    }
    var mutator = Mutator(generator: SeededGenerator(seed: seed))
    return (0..<count).map { index in mutator.mutated(trees[index % trees.count]).text }
  }

  private struct Verdict {
    let isValid: Bool
    let isValidByECMA: Bool
    let breaks: [String]
  }

  private static func askPython(
    _ python: String, _ documents: [String]
  ) throws -> [Verdict] {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("drover-differential-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let input = folder.appendingPathComponent("documents.jsonl")
    let output = folder.appendingPathComponent("verdicts.txt")
    try Data(documents.joined(separator: "\n").utf8).write(to: input)
    try Data().write(to: output)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = [Fixture.file("differential.py").path, Fixture.contract.path]
    process.standardInput = try FileHandle(forReadingFrom: input)
    process.standardOutput = try FileHandle(forWritingTo: output)
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let lines = String(decoding: try Data(contentsOf: output), as: UTF8.self)
      .split(separator: "\n")
    return lines.map { line in
      let fields = line.split(separator: "\t").map(String.init)
      let breaks = fields.dropFirst(2).compactMap { field in
        try? JSONParser().withDocument(of: Array(field.utf8)) { $0.string }
      }
      return Verdict(
        isValid: fields.first == "1", isValidByECMA: fields.dropFirst().first == "1",
        breaks: breaks.compactMap { $0 })
    }
  }
}
