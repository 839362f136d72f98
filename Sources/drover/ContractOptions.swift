import ArgumentParser
import Commands
import JSONSchema
import PulseJob

extension FormatPolicy: ExpressibleByArgument {}

/// Which schema jobs are checked against.
struct ContractOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("A JSON Schema (draft 4 or 6, JSON or YAML) in place of the bundled one.", valueName: "file"))
  var schema: String?

  func contract(formats: FormatPolicy) throws -> JobContract {
    guard let schema else { return try .bundled(formats: formats) }
    let text = try FileText.read(schema, what: "the schema")
    do {
      return try .custom(text, formats: formats)
    } catch {
      throw CommandFailure(.wrongUsage, "\(schema): \(error)")
    }
  }
}
