public import ArgumentParser
import Glibc
import Synchronization

/// Runs a command line: one line for what goes wrong, and the exit status that says which kind it is.
public enum CommandMain {
  /// Parses the process's arguments as `Root`'s, runs the command that they name, and ends the process.
  public static func run<Root: ParsableCommand>(_: Root.Type) async -> Never {
    // A reader of our output that goes away must not end the process without a word.
    signal(SIGPIPE, SIG_IGN)
    Console.program.withLock { $0 = Root._commandName }
    do {
      var command = try Root.parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      ExitStatus.done.exit()
    } catch let status as ExitStatus {
      status.exit()
    } catch  where Root.exitCode(for: error) == .success {
      // Help and version come as errors.
      Console.print(Root.fullMessage(for: error))
      ExitStatus.done.exit()
    } catch  where Root.exitCode(for: error) == .validationFailure {
      Console.report("\(Root.message(for: error)); see \(Root._commandName) --help")
      ExitStatus.wrongUsage.exit()
    } catch {
      Console.report("\(error)")
      ExitStatus(for: error).exit()
    }
  }
}

extension ExitStatus: Error {}
