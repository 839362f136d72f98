import Commands
import Submission

/// Submits every valid element of some files in chunks, and reports the others.
struct SubmitRun<Element: SubmissionElement> {
  /// What became of the elements.
  private struct Totals: CustomStringConvertible {
    var (submitted, invalid, refused) = (0, 0, 0)
    var description: String { "\(submitted) submitted, \(invalid) invalid, \(refused) refused" }
  }

  private typealias Place = SubmissionFiles<Element>.Place

  private struct Sending {
    let (first, last): (Place, Place)
    let count: Int
    let result: Task<SubmissionError?, Never>
  }

  /// Bytes in a request, about: a server that takes jobs with logs takes this much.
  private static var chunkByteSize: Int { 8 << 20 }

  private let client: SubmissionClient
  private let project: String
  private let chunkSize: Int
  private var totals = Totals()
  private var chunk: [(element: Element, place: Place)] = []
  private var chunkBytes = 0
  /// Why nothing more is sent.
  private var failure: SubmissionError?
  /// The chunk that is on its way while the next one is read.
  private var sending: Sending?
  /// Whether the end was asked for before everything was sent.
  private var isStopped = false

  init(_ client: SubmissionClient, project: String, chunkSize: Int) {
    (self.client, self.project, self.chunkSize) = (client, project, chunkSize)
  }

  /// Submits what the files hold until they end, the server fails or `interrupt` is asked for.
  ///
  /// The totals are the last line on standard error.
  mutating func run(_ paths: [String], interrupt: Interrupt) async -> ExitStatus {
    var files = SubmissionFiles<Element>(paths)
    while failure == nil, !isStopped {
      guard !interrupt.isAsked else {
        isStopped = true
        break
      }
      guard let item = files.next() else {
        await send(&files)
        break
      }
      switch item.element {
      case .success(let element):
        chunk.append((element, item.place))
        chunkBytes += item.size
        if chunk.count == chunkSize || chunkBytes >= Self.chunkByteSize { await send(&files) }
      case .failure(let error):
        totals.invalid += 1
        files.clearProgress()
        Console.note("\(item.place): \(error)")
      }
    }
    await finish(&files)
    files.clearProgress()
    if let failure {
      Console.report("\(failure)")
    } else if isStopped {
      Console.report("stopped early: only what is counted here was sent")
    }
    Console.note("\(totals)")
    if let failure { return Self.status(for: failure) }
    return totals.invalid + totals.refused + files.refusedFiles > 0 ? .inputRefused : .done
  }

  /// Sends the chunk once the one before has been answered.
  private mutating func send(_ files: inout SubmissionFiles<Element>) async {
    await finish(&files)
    guard failure == nil, !isStopped, let first = chunk.first?.place, let last = chunk.last?.place else { return }
    let collection = SubmissionCollection(chunk.map(\.element))
    let result = Task { [client, project] () -> SubmissionError? in
      do throws(SubmissionError) {
        try await client.post(collection, to: project)
        return nil
      } catch {
        return error
      }
    }
    sending = Sending(first: first, last: last, count: chunk.count, result: result)
    (chunk, chunkBytes) = ([], 0)
  }

  /// Waits for the chunk that is on its way, and reports what became of it.
  private mutating func finish(_ files: inout SubmissionFiles<Element>) async {
    guard let sent = sending else { return }
    sending = nil
    guard let error = await sent.result.value else {
      totals.submitted += sent.count
      return
    }
    files.clearProgress()
    let range = sent.count == 1 ? "\(sent.first)" : "\(sent.first) to \(sent.last), \(sent.count) \(Element.noun)s"
    switch error.code {
    case .refused, .tooLarge:
      totals.refused += sent.count
      Console.note("\(range): \(error)")
    case .closed:
      isStopped = true
    default:
      let arrival =
        [.connectionLost, .timedOut, .untrustedAnswer].contains(error.code)
        ? "may have arrived or not" : "not submitted"
      Console.note("\(range): \(arrival)")
      failure = error
    }
  }

  private static func status(for error: SubmissionError) -> ExitStatus {
    switch error.code {
    case .unreachable, .connectionLost, .timedOut, .serverFailed, .tooManyRequests, .closed, .cancelled: .unreachable
    default: .wrongUsage
    }
  }
}
