import Logging
import Pulse
import PulseJob
import RabbitMQ

/// Publishes every valid job of some files, and reports the others.
public struct PublishRun {
  /// How the routing key of a job comes about.
  public enum Routing: Sendable {
    /// The same key for every job.
    case key(RoutingKey)
    /// `<destination>.<origin.project>`.
    case destination(String)
  }

  /// What became of the jobs.
  public struct Totals: Sendable, Hashable, CustomStringConvertible {
    /// Confirmed by the broker.
    public var published = 0
    /// Not sent, since they are no valid jobs.
    public var invalid = 0
    /// Handed back, since no queue took them.
    public var returned = 0
    /// Refused by the broker.
    public var refused = 0
    /// Jobs that the broker did not answer for: they may have arrived or not.
    public var unconfirmed = 0

    /// The line that ends a run.
    public var description: String {
      "\(published) published, \(invalid) invalid, \(returned) returned, \(refused) refused"
    }
  }

  /// Jobs handed to the publisher at once, at most.
  private static let batchSize = 256
  /// Bytes handed to the publisher at once, about: jobs of a megabyte must not pile up by the thousand.
  private static let batchByteSize = 2 << 20
  /// Batches on their way at once; a quorum queue confirms after a write to disk, which takes the time of many batches.
  private static let batchesInFlight = 8

  /// Where a job stands; put into words only when something is said of it.
  private struct Place: CustomStringConvertible {
    let file: String
    let line: Int
    var description: String { "\(file):\(line)" }
  }

  private let publisher: Publisher
  private let routing: Routing
  private let unroutable: Publisher.UnroutablePolicy
  private var totals = Totals()
  private var inFlight: [(receipt: PublishReceipt, places: [Place])] = []
  private var firstFailure: RabbitMQError?
  private var batchBytes = 0
  /// The last document that was looked at.
  private var lastPlace: Place?

  /// A run that publishes with `publisher`.
  public init(_ publisher: Publisher, routing: Routing, unroutable: Publisher.UnroutablePolicy) {
    self.publisher = publisher
    self.routing = routing
    self.unroutable = unroutable
  }

  /// Publishes what `input` holds until it ends or `interrupt` is asked for; jobs handed over by then are waited for.
  ///
  /// The totals are the last line on standard error.
  public mutating func run(_ input: inout JobInput, interrupt: Interrupt) async -> ExitStatus {
    var batch: [Publisher.Job] = []
    var places: [Place] = []
    reading: while firstFailure == nil, !interrupt.isAsked {
      switch input.next() {
      case .end:
        lastPlace = nil
        break reading
      case .pause:
        // Whoever writes the input line by line wants each job to go when it is there.
        await send(&batch, &places)
        // One answer at a time: more may have come to read meanwhile, and the pipeline is to stay full.
        if inFlight.isEmpty { input.wait(interrupt) } else { await settleOldest() }
      case .document(let document):
        let place = Place(file: document.file, line: document.line)
        lastPlace = place
        guard let job = job(from: document, &input) else { continue }
        batch.append(job)
        places.append(place)
        batchBytes += job.body.count
        if batch.count == Self.batchSize || batchBytes >= Self.batchByteSize { await send(&batch, &places) }
      }
    }
    input.clearProgress()
    await send(&batch, &places)
    while !inFlight.isEmpty { await settleOldest() }
    if let last = lastPlace, interrupt.isAsked || firstFailure != nil {
      Console.report("stopped early: what follows \(last) was not sent")
    }
    if let firstFailure {
      let may = firstFailure.isRetriable ? "are not confirmed and may have arrived or not" : "were not taken"
      Console.report("\(totals.unconfirmed) jobs \(may): \(firstFailure)")
    }
    Console.note("\(totals)")
    if let firstFailure { return ExitStatus(for: firstFailure) }
    let isRefused =
      totals.invalid + totals.refused + input.refusedFiles > 0 || (unroutable == .fail && totals.returned > 0)
    return isRefused ? .inputRefused : .done
  }

  private mutating func job(from document: JobInput.Checked, _ input: inout JobInput) -> Publisher.Job? {
    func refuse(_ line: String) {
      totals.invalid += 1
      input.clearProgress()
      Console.note(line)
    }
    guard document.errors.isEmpty else {
      refuse(document.description)
      return nil
    }
    do throws(PulseError) {
      return Publisher.Job(routingKey: try routingKey(of: document), body: document.bytes)
    } catch {
      refuse("\(document.file):\(document.line): \(error)")
      return nil
    }
  }

  private func routingKey(of document: JobInput.Checked) throws(PulseError) -> RoutingKey {
    switch routing {
    case .key(let key): return key
    case .destination(let destination):
      guard let project = document.project else {
        throw PulseError(.invalidName, "/origin/project: a routing key cannot be made without it")
      }
      return try RoutingKey(destination: destination, project: project)
    }
  }

  private mutating func send(_ batch: inout [Publisher.Job], _ places: inout [Place]) async {
    guard !batch.isEmpty else { return }
    if inFlight.count == Self.batchesInFlight { await settleOldest() }
    inFlight.append((await publisher.submit(batch), places))
    batch = []
    places = []
    batchBytes = 0
  }

  private mutating func settleOldest() async {
    let (receipt, places) = inFlight.removeFirst()
    for (outcome, place) in zip(await receipt.outcomes, places) {
      switch outcome {
      case .confirmed:
        totals.published += 1
      case .returned(let reason):
        totals.returned += 1
        Console.note("\(place): returned, no queue took it: \(reason)")
      case .refused:
        totals.refused += 1
        Console.note("\(place): refused by the broker")
      case .unconfirmed(let error):
        totals.unconfirmed += 1
        firstFailure = firstFailure ?? error
      }
    }
  }
}
