import JSON
import JSONSchema
import PulseJob

/// All jobs of all files that a command was given, checked one by one.
public struct JobInput {
  /// A document and what the contract says of it.
  public struct Checked {
    /// The file's name.
    public let file: String
    /// The line in which the document begins, or in which it stops being JSON; from 1.
    public let line: Int
    /// The document's text; empty for one that is invalid.
    public let bytes: [UInt8]
    /// Empty where it is valid.
    public let errors: [ValidationError]
    /// `origin.project` of a valid one, where it has any.
    public let project: String?

    /// The errors on one line, as a compiler writes them.
    public var description: String { ValidationReport.text.line(file: file, line: line, errors: errors) ?? "" }
  }

  /// What comes next.
  public enum Step {
    /// A document, valid or not.
    case document(Checked)
    /// Nothing for now: whoever writes the input has not gone on yet.
    case pause
    /// Nothing any more.
    case end
  }

  private var paths: ArraySlice<String>
  private let reader: JobReader
  private var current: (file: JobFile, splitter: DocumentSplitter?, hasText: Bool, isAtEnd: Bool)?
  private var progress: ProgressBar
  private var position = 0
  private var count = 0
  /// Files that could not be read, or had nothing in them; each has been reported.
  public private(set) var refusedFiles = 0

  /// - Parameters:
  ///   - paths: files, `-` for standard input.
  ///   - contract: what the jobs are checked against.
  public init(_ paths: [String], contract: JobContract) {
    self.paths = paths[...]
    reader = JobReader(contract)
    progress = ProgressBar(total: paths.reduce(0) { $0 + JobFile.size(of: $1) }, unit: "jobs")
  }

  /// The next document, or why there is none.
  ///
  /// A file that cannot be read is reported on standard error, and the next one taken.
  public mutating func next() -> Step {
    while true {
      do {
        if current == nil {
          guard let path = paths.popFirst() else {
            progress.clear()
            return .end
          }
          let file = try JobFile(path: path)
          current = (file, nil, false, false)
        }
        switch try nextStep() {
        case .document(let document):
          count += 1
          progress.update(done: position, count: count)
          return .document(document)
        case .pause:
          return .pause
        case .end: break
        }
      } catch {
        progress.clear()
        Console.report("\(error)")
        refusedFiles += 1
      }
      current?.file.close()
      current = nil
    }
  }

  /// Takes the progress bar away, before something else is written.
  public mutating func clearProgress() { progress.clear() }

  /// After a pause: waits for more input, or for `interrupt`.
  ///
  /// It blocks the calling thread: a command has nothing else to do then.
  public func wait(_ interrupt: Interrupt) {
    _ = current?.file.waitForInput(isPatient: true, interrupt: interrupt.descriptor)
  }

  private mutating func nextStep() throws -> Step {
    while true {
      guard let file = current?.file else { return .end }
      if current?.splitter == nil {
        guard file.waitForInput(isPatient: false) else { return .pause }
        let layout = try current?.file.begin() ?? .values
        current?.splitter = DocumentSplitter(layout: layout)
      }
      if let document = current?.splitter?.next() {
        return .document(check(document, in: file.name))
      }
      if current?.isAtEnd == true {
        if current?.hasText == false {
          throw CommandFailure(.inputRefused, "\(file.name): is empty, a job is asked")
        }
        return .end
      }
      guard file.waitForInput(isPatient: false) else { return .pause }
      let piece = try current?.file.read() ?? []
      position += piece.count
      if piece.isEmpty {
        current?.isAtEnd = true
        current?.splitter?.finish()
      } else {
        if current?.hasText == false { current?.hasText = JobFile.hasText(piece) }
        piece.withUnsafeBytes { current?.splitter?.append($0) }
      }
    }
  }

  private func check(_ document: DocumentSplitter.Document, in file: String) -> Checked {
    func refused(_ errors: [ValidationError], line: Int = 1) -> Checked {
      Checked(file: file, line: document.line + line - 1, bytes: [], errors: errors, project: nil)
    }
    if let problem = document.problem {
      return refused([ValidationError(instancePath: "", schemaPath: "", keyword: "json", message: problem)])
    }
    do throws(JobRejection) {
      let summary = try reader.check(document.bytes)
      return Checked(file: file, line: document.line, bytes: document.bytes, errors: [], project: summary.project)
    } catch {
      return refused(error.errors, line: error.line ?? 1)
    }
  }
}
