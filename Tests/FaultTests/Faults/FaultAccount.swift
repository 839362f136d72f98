/// What a run came to.
struct FaultAccount: CustomStringConvertible {
  /// A fault, and how long it took from its end until messages got through again.
  struct Round {
    let fault: Fault
    let recovery: Duration
  }

  let seed: UInt64
  let options: TrafficOptions
  let ledger: Ledger
  /// In their order.
  let rounds: [Round]
  /// Whether the run came to its end; what is missing before that may still be under way.
  let isComplete: Bool

  var description: String {
    let kinds = FaultKind.allCases.compactMap { kind -> String? in
      let count = rounds.count { $0.fault.kind == kind }
      return count > 0 ? "\(count) \(kind)" : nil
    }
    var lines = [
      "\(rounds.count) rounds on a \(options.queueType) queue, DROVER_SEED=\(seed): \(kinds.joined(separator: ", "))",
      row("published", ledger.count), row("confirmed", ledger.confirmedCount),
      row("unconfirmed, handed in again", ledger.unconfirmedCount), row("received", ledger.receivedCount),
      row("received twice, published again", ledger.repeatedCount), row("delivered again", ledger.redeliveredCount),
      row("acknowledgements refused", ledger.refusedAcknowledgements),
      row("gone with the deleted queue", ledger.excusedCount), row("clients that gave up", ledger.giveUps.count),
      row("impossible", ledger.violations.count),
    ]
    if isComplete {
      lines += [
        row("confirmed and not received", ledger.outstandingCount), row("confirmed and lost", ledger.lostCount),
      ]
    } else {
      lines.append("  the run did not come to its end: what was lost is not known")
    }
    lines.append("  from the end of a fault to messages of after it: \(recoveries)")
    return lines.joined(separator: "\n")
  }

  private var recoveries: String {
    let sorted = rounds.map(\.recovery).sorted()
    guard let first = sorted.first, let last = sorted.last else { return "no fault" }
    return "\(first.inSeconds) at least, \(sorted[sorted.count / 2].inSeconds) median, \(last.inSeconds) at most"
  }

  private func row(_ name: String, _ count: Int) -> String {
    let digits = "\(count)"
    return "  \(String(repeating: " ", count: max(0, 9 - digits.count)))\(digits) \(name)"
  }
}
