import Foundation

/// What a run of random faults is told by its environment, and where it tells how it goes.
struct FaultReport: Sendable {
  /// Where all choices of the run come from: DROVER_SEED, or any.
  let seed: UInt64
  /// How many faults there are: DROVER_FAULT_ROUNDS.
  let rounds: Int
  private let environment: [String: String]

  init(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
    self.environment = environment
    seed = environment["DROVER_SEED"].flatMap(UInt64.init) ?? .random(in: 0...UInt64.max)
    rounds = environment["DROVER_FAULT_ROUNDS"].flatMap(Int.init) ?? 6
  }

  /// The kinds of faults that the run is limited to, where DROVER_FAULTS names some, with commas in between.
  var kinds: [Substring]? { environment["DROVER_FAULTS"]?.split(separator: ",") }

  /// Adds to the account of the run: on standard output, and in the file that DROVER_FAULT_ACCOUNT names.
  func account(_ text: String) throws {
    print(text)
    if let path = environment["DROVER_FAULT_ACCOUNT"] { try append(text, to: path) }
  }

  /// Says where the run is: to standard error, or to the file that DROVER_FAULT_PROGRESS names where that is not read
  /// before the end, as SwiftPM does.
  func note(_ line: String) throws {
    guard let path = environment["DROVER_FAULT_PROGRESS"] else {
      try FileHandle.standardError.write(contentsOf: Data("faults: \(line)\n".utf8))
      return
    }
    try append(line, to: path)
  }

  private func append(_ line: String, to path: String) throws {
    if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(filePath: path)) }
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    defer { try? file.close() }
    try file.seekToEnd()
    try file.write(contentsOf: Data("\(line)\n".utf8))
  }
}
