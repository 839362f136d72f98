public import ArgumentParser
import Foundation

/// How long ago something was: a number of hours, days or weeks, as `36h`, `120d` or `17w`.
public struct Age: ExpressibleByArgument, Sendable, Hashable {
  /// In hours, at least 1.
  public let hours: Int64

  /// Reads `argument`; nil for anything else, and for no time at all.
  public init?(argument: String) {
    let units: [Character: Int64] = ["h": 1, "d": 24, "w": 7 * 24]
    // A hundred thousand weeks are two millennia: no time of ours overflows by them.
    guard let unit = argument.last.flatMap({ units[$0] }),
      argument.utf8.dropLast().allSatisfy({ (48...57).contains($0) }),
      let count = Int64(argument.dropLast()), (1...100_000).contains(count)
    else { return nil }
    hours = count * unit
  }

  /// The time that was so long before `date`, in milliseconds since 1970-01-01 00:00:00 UTC.
  public func before(_ date: Date) -> Int64 {
    Int64(date.timeIntervalSince1970 * 1000) - hours * 3_600_000
  }
}
