import Dispatch
import Foundation
import JSON
import JSONSchema
import PulseJob
import Synchronization

/// Checks whole files against a contract, in memory that does not grow with them.
///
/// A file of lines is checked on every core, a block of lines at a time; what is printed keeps the file's order.
public struct ValidationRun: Sendable {
  /// How many documents there were.
  public struct Totals: Sendable, Hashable, CustomStringConvertible {
    /// Documents that follow the contract.
    public var valid = 0
    /// Documents that do not.
    public var invalid = 0
    /// Files that could not be read, or had nothing in them; each has been reported.
    public var refusedFiles = 0

    /// The line that ends a run.
    public var description: String { "\(valid + invalid) documents, \(valid) valid, \(invalid) invalid" }
  }

  private let contract: JobContract
  private let report: ValidationReport
  private let workers: Int

  /// A run against `contract`.
  ///
  /// - Parameter workers: how many threads check a file of lines.
  public init(
    contract: JobContract, report: ValidationReport, workers: Int = ProcessInfo.processInfo.activeProcessorCount
  ) {
    self.contract = contract
    self.report = report
    self.workers = workers
  }

  /// Checks the files and prints what the report asks.
  ///
  /// - Parameters:
  ///   - paths: files, `-` for standard input.
  ///   - interrupt: ends the run early, after what is in hand.
  public func run(_ paths: [String], interrupt: Interrupt) -> Totals {
    var totals = Totals()
    for path in paths where !interrupt.isAsked {
      do {
        var file = try JobFile(path: path)
        defer { file.close() }
        guard file.waitForInput(isPatient: true, interrupt: interrupt.descriptor), !interrupt.isAsked else { break }
        let layout = try file.begin()
        let counts = try layout == .lines ? checkLines(of: file, interrupt) : checkValues(of: &file, interrupt)
        if !counts.hasText, !interrupt.isAsked {
          throw CommandFailure(.inputRefused, "\(file.name): is empty, a job is asked")
        }
        totals.valid += counts.documents - counts.invalid
        totals.invalid += counts.invalid
      } catch {
        Console.report("\(error)")
        totals.refusedFiles += 1
      }
    }
    return totals
  }

  /// What one block, or one file, came to.
  private struct Counts {
    var documents = 0
    var invalid = 0
    /// Whether there was anything but white space: a list without elements is not empty.
    var hasText = false
  }

  // MARK: One after another

  private func checkValues(of file: inout JobFile, _ interrupt: Interrupt) throws -> Counts {
    var checker = BlockChecker(file: file.name, contract: contract, report: report, layout: .values)
    var progress = ProgressBar(total: file.size, unit: "documents")
    var counts = Counts()
    var isAtEnd = false
    var position = 0
    while !isAtEnd, file.waitForInput(isPatient: true, interrupt: interrupt.descriptor), !interrupt.isAsked {
      let chunk = try file.read()
      isAtEnd = chunk.isEmpty
      position += chunk.count
      if !counts.hasText { counts.hasText = JobFile.hasText(chunk) }
      checker.check(chunk, isLast: isAtEnd)
      counts.documents += checker.documents
      counts.invalid += checker.invalid
      if !checker.output.isEmpty {
        progress.clear()
        Console.printText(checker.output)
      }
      checker.reset()
      progress.update(done: position, count: counts.documents)
    }
    progress.clear()
    return counts
  }

  // MARK: On every core

  /// What the workers share: the file, and whose turn it is to print.
  private struct Shared {
    var file: JobFile
    var blocks = LineBlocks()
    var nextBlock = 0
    var position = 0
    var failure: (any Error)?
  }

  private struct Printing {
    var nextBlock = 0
    var counts = Counts()
    var progress: ProgressBar
  }

  private func checkLines(of file: JobFile, _ interrupt: Interrupt) throws -> Counts {
    let shared = Mutex(Shared(file: file))
    let printing = Turnstile(Printing(progress: ProgressBar(total: file.size, unit: "documents")))
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      var checker = BlockChecker(file: file.name, contract: contract, report: report, layout: .lines)
      var block = LineBlocks.Block()
      while true {
        let (number, position) = shared.withLock { shared -> (Int?, Int) in
          guard shared.failure == nil else { return (nil, 0) }
          do {
            var added = 0
            let isThere = try shared.blocks.next(into: &block) {
              guard shared.file.waitForInput(isPatient: true, interrupt: interrupt.descriptor), !interrupt.isAsked
              else { return 0 }
              let count = try shared.file.read(into: $0)
              added += count
              return count
            }
            shared.position += added
            guard isThere else { return (nil, 0) }
            shared.nextBlock += 1
            return (shared.nextBlock - 1, shared.position)
          } catch {
            shared.failure = error
            return (nil, 0)
          }
        }
        guard let number else { return }
        checker.check(block)
        printing.pass(when: { $0.nextBlock == number }) { printing in
          printing.nextBlock += 1
          printing.counts.documents += checker.documents
          printing.counts.hasText = printing.counts.documents > 0
          printing.counts.invalid += checker.invalid
          if !checker.output.isEmpty {
            printing.progress.clear()
            Console.printText(checker.output)
          }
          printing.progress.update(done: position, count: printing.counts.documents)
        }
        checker.reset()
      }
    }
    if let failure = shared.withLock({ $0.failure }) { throw failure }
    return printing.pass(when: { _ in true }) { printing in
      printing.progress.clear()
      return printing.counts
    }
  }
}

/// Checks one block after the other, each worker with its own.
private struct BlockChecker {
  private let file: String
  private let report: ValidationReport
  private let reader: JobReader
  private var splitter: DocumentSplitter
  private(set) var documents = 0
  private(set) var invalid = 0
  /// The lines to be printed.
  private(set) var output = ""

  init(file: String, contract: JobContract, report: ValidationReport, layout: DocumentSplitter.Layout) {
    self.file = file
    self.report = report
    reader = JobReader(contract)
    splitter = DocumentSplitter(layout: layout)
  }

  /// Forgets what has been printed.
  mutating func reset() {
    documents = 0
    invalid = 0
    output.removeAll(keepingCapacity: true)
  }

  /// Checks a block of whole lines.
  mutating func check(_ block: LineBlocks.Block) {
    splitter.restart(firstLine: block.firstLine)
    check(block.bytes, isLast: true)
  }

  /// Checks what the next piece of a stream completes.
  mutating func check(_ bytes: [UInt8], isLast: Bool) {
    bytes.withUnsafeBytes { splitter.append($0) }
    if isLast { splitter.finish() }
    while let line = splitter.withNext({ [reader, report, file] line, bytes, problem -> (Bool, String?) in
      var place = line
      var errors: [ValidationError] = []
      if let problem {
        errors = [ValidationError(instancePath: "", schemaPath: "", keyword: "json", message: problem)]
      } else {
        do throws(JobRejection) {
          try reader.check(padded: bytes)
        } catch {
          errors = error.errors
          place += (error.line ?? 1) - 1
        }
      }
      if errors.isEmpty, report == .text { return (true, nil) }
      return (errors.isEmpty, report.line(file: file, line: place, errors: errors))
    }) {
      documents += 1
      if !line.0 { invalid += 1 }
      if let text = line.1 {
        output += text
        output += "\n"
      }
    }
  }
}

/// A value that threads work on in an order that the value itself tells.
private final class Turnstile<Value>: @unchecked Sendable {
  // The condition's lock guards the value.
  private let condition = NSCondition()
  private var value: Value

  init(_ value: Value) { self.value = value }

  /// Waits until `isTurn` holds, and works on the value then.
  func pass<R>(when isTurn: (Value) -> Bool, _ work: (inout Value) -> R) -> R {
    condition.lock()
    defer {
      condition.broadcast()
      condition.unlock()
    }
    while !isTurn(value) { condition.wait() }
    return work(&value)
  }
}
