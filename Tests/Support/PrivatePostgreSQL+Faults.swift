import Foundation

extension PrivatePostgreSQL {
  /// Kills every process of it with signal 9, as a loss of power would; what was committed stays on disk.
  public func kill() async throws {
    signal(SIGKILL)
    try await eventually("the end of the killed PostgreSQL") { processes().isEmpty }
  }

  /// Starts it again after ``kill()`` and waits until it answers.
  public func start() async throws { try await run("start") }

  /// Stops every process where it is: connections stay open and nobody answers.
  public func pause() { signal(SIGSTOP) }

  /// Lets the processes go on after ``pause()``.
  public func resume() { signal(SIGCONT) }

  /// Whether every process stands still.
  public var isPaused: Bool {
    processes().allSatisfy { process in
      // The state follows the program's name, which is in parentheses.
      let line = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
      return line.split(separator: ")").last?.hasPrefix(" T") == true
    }
  }

  private func signal(_ signal: Int32) { for process in processes() { Glibc.kill(process, signal) } }

  /// The processes of this server: those that have its data for their folder. One that has ended and that nobody has taken
  /// note of has none.
  private func processes() -> [pid_t] {
    let manager = FileManager.default
    let data = folder.appending(path: "data").resolvingSymlinksInPath().path
    let entries = (try? manager.contentsOfDirectory(atPath: "/proc")) ?? []
    return entries.compactMap { pid_t($0) }.filter {
      (try? manager.destinationOfSymbolicLink(atPath: "/proc/\($0)/cwd")) == data
    }
  }
}
