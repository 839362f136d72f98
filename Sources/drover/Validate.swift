import ArgumentParser
import Commands
import JSONSchema
import PulseJob

extension ValidationReport: ExpressibleByArgument {}

struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Checks jobs against the schema and says what is wrong with them.",
    discussion: """
      Prints a line for each invalid job, with every error in it, or with --output json an object for each job.

        drover validate jobs.jsonl
        tail -n 1 jobs.jsonl | drover validate --output json -
      """)

  @OptionGroup var contract: ContractOptions

  @Option(help: "Whether the schema's formats, such as date-time, are asserted: assert or ignore.")
  var formats: FormatPolicy = .assert

  @Option(help: "What is printed: text or json.")
  var output: ValidationReport = .text

  @Argument(help: "A .json file with a job or a list of jobs, a .jsonl file with one a line, or - for standard input.")
  var file: [String]

  @OptionGroup var logging: LogOptions

  func run() throws {
    let totals = ValidationRun(contract: try contract.contract(formats: formats), report: output).run(
      file, interrupt: Interrupt())
    Console.note("\(totals)")
    throw totals.invalid + totals.refusedFiles > 0 ? ExitStatus.inputRefused : .done
  }
}
