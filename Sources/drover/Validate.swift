import ArgumentParser
import Commands
import Foundation
import JSONSchema
import PulseJob

struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Checks jobs against the schema and says what is wrong with them.",
    discussion: """
      Prints a line for each invalid job, with every error in it, or with --output json an object for each job.

        drover validate jobs.jsonl
        tail -n 1 jobs.jsonl | drover validate --output json -
      """)

  enum Output: String, CaseIterable, ExpressibleByArgument {
    case text, json
  }

  @OptionGroup var contract: ContractOptions

  @Option(help: "Whether the schema's formats, such as date-time, are asserted: assert or ignore.")
  var formats: FormatPolicy = .assert

  @Option(help: "What is printed: text or json.")
  var output: Output = .text

  @Argument(help: "A .json file with a job or a list of jobs, a .jsonl file with one a line, or - for standard input.")
  var file: [String]

  @OptionGroup var logging: LogOptions

  func run() throws {
    var input = JobInput(file, contract: try contract.contract(formats: formats))
    var valid = 0
    var invalid = 0
    while let document = input.next() {
      if document.errors.isEmpty { valid += 1 } else { invalid += 1 }
      switch output {
      case .json:
        input.clearProgress()
        Console.print(try Report(document).encoded())
      case .text where !document.errors.isEmpty:
        input.clearProgress()
        Console.print(document.description)
      case .text: break
      }
    }
    Console.note("\(valid + invalid) documents, \(valid) valid, \(invalid) invalid")
    throw invalid + input.refusedFiles > 0 ? ExitStatus.inputRefused : .done
  }
}

/// What `--output json` prints of a document.
private struct Report: Encodable {
  struct Problem: Encodable {
    let instance: String
    let schema: String
    let keyword: String
    let message: String
  }

  let file: String
  let line: Int
  let valid: Bool
  let errors: [Problem]

  init(_ document: JobInput.Checked) {
    file = document.file
    line = document.line
    valid = document.errors.isEmpty
    errors = document.errors.map {
      Problem(instance: $0.instancePath, schema: $0.schemaPath, keyword: $0.keyword, message: $0.message)
    }
  }

  func encoded() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
