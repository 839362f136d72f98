public import Foundation

/// A program that runs beside the test.
public final class Program: @unchecked Sendable {
  // Foundation's Process is not marked Sendable; after the start only its signals and its end are used.
  private let process = Process()
  private let output: URL
  private let errors: URL

  /// How a program ended.
  public struct Result: Sendable {
    /// The exit status, or the signal that ended it where ``wasKilled``.
    public let status: Int32
    /// Whether a signal ended it.
    public let wasKilled: Bool
    /// What it wrote to standard output.
    public let output: String
    /// What it wrote to standard error.
    public let errors: String

    /// The last line on standard error.
    public var lastLine: String { errors.split(separator: "\n").last.map(String.init) ?? "" }
  }

  /// Starts `executable`; what it writes goes into files, so that nothing it waits for can stall it.
  public init(
    _ executable: URL, _ arguments: [String], environment: [String: String] = [:], input: Data? = nil,
    from pipe: Pipe? = nil
  ) throws {
    let folder = try Repository.temporaryFolder()
    output = folder.appending(path: "output")
    errors = folder.appending(path: "errors")
    for file in [output, errors] { try Data().write(to: file) }
    process.executableURL = executable
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    if let pipe {
      process.standardInput = pipe
    } else if let input {
      let file = folder.appending(path: "input")
      try input.write(to: file)
      process.standardInput = try FileHandle(forReadingFrom: file)
    } else {
      process.standardInput = FileHandle.nullDevice
    }
    // Dispatch's threads block signals and a child inherits that: it and what it starts would never hear of SIGTERM.
    var none = sigset_t()
    var before = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try process.run()
  }

  /// Starts one of the package's own programs.
  public static func drover(
    _ arguments: String..., environment: [String: String] = [:], input: Data? = nil
  ) throws -> Program {
    try Program(
      Repository.programs.appending(path: "drover"), arguments, environment: environment, input: input)
  }

  /// Runs one of the package's own programs to its end.
  public static func runDrover(
    _ arguments: String..., environment: [String: String] = [:], input: Data? = nil
  ) async throws -> Result {
    try await Program(
      Repository.programs.appending(path: "drover"), arguments, environment: environment, input: input
    ).result()
  }

  /// Runs a script with the Python that has the packages of the interoperation tests.
  ///
  /// - Throws: where `DROVER_PYTHON` does not name it; scripts/test sets it.
  public static func runPython(_ script: String, _ arguments: String...) async throws -> Result {
    try await runPython(script, arguments)
  }

  /// The same with the arguments in an array.
  ///
  /// - Parameter variable: the variable of the environment that names it.
  public static func runPython(
    _ script: String, _ arguments: [String], in variable: String = "DROVER_PYTHON"
  ) async throws -> Result {
    guard let python = ProcessInfo.processInfo.environment[variable] else {
      throw DeadlinePassed(description: "\(variable) is not set: run scripts/test, which makes the environment")
    }
    return try await Program(URL(filePath: python), ["-c", script] + arguments).result()
  }

  /// Whether it runs still.
  public var isRunning: Bool { process.isRunning }

  /// Whether Ctrl-C has stopped meaning an immediate end, as the kernel tells.
  public var catchesSignals: Bool {
    let status = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
    let masks = status.split(separator: "\n").filter { $0.hasPrefix("SigIgn:") || $0.hasPrefix("SigCgt:") }
    return masks.contains { line in
      UInt64(line.split(separator: "\t").last ?? "", radix: 16).map { $0 & (1 << UInt64(SIGINT - 1)) != 0 } ?? false
    }
  }

  /// What it has written to standard error by now.
  public func errorsSoFar() throws -> String { try String(decoding: Data(contentsOf: errors), as: UTF8.self) }

  /// What it has written to standard output by now.
  public func outputSoFar() throws -> Data { try Data(contentsOf: output) }

  /// Sends a signal.
  public func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Sends a signal to it and to what it has started; only for a program that has made itself a group of its own.
  public func sendToGroup(_ signal: Int32) { kill(-process.processIdentifier, signal) }

  /// Waits for the end; one that does not come within `limit` is an error, and the program is killed.
  public func result(within limit: Duration = .seconds(120)) async throws -> Result {
    do {
      try await eventually("the end of \(process.executableURL?.lastPathComponent ?? "a program")", within: limit) {
        !process.isRunning
      }
    } catch {
      send(SIGKILL)
      throw error
    }
    return Result(
      status: process.terminationStatus, wasKilled: process.terminationReason == .uncaughtSignal,
      output: try String(decoding: Data(contentsOf: output), as: UTF8.self),
      errors: try String(decoding: Data(contentsOf: errors), as: UTF8.self))
  }
}
