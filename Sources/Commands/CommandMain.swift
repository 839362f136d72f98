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
      end(.done)
    } catch let status as ExitStatus {
      end(status)
    } catch {
      report(error, of: Root.self)
    }
  }

  private static func report<Root: ParsableCommand>(_ error: any Error, of _: Root.Type) -> Never {
    switch Root.exitCode(for: error) {
    case .success:
      // Help and version come as errors.
      Console.print(Root.fullMessage(for: error))
      end(.done)
    case .validationFailure:
      let message = Root.message(for: error).split(whereSeparator: \.isWhitespace).joined(separator: " ")
      Console.report("\(message.trimmingSuffix(".;")); see \(helpCommand(for: error, of: Root.self))")
      ExitStatus.wrongUsage.exit()
    default:
      Console.report("\(error)")
      ExitStatus(for: error).exit()
    }
  }

  /// Ends the process, unless its output got lost on the way: then with the reason.
  private static func end(_ status: ExitStatus) -> Never {
    guard let code = Console.outputFailure.withLock({ $0 }) else { status.exit() }
    Console.report("standard output cannot be written: \(String(cString: strerror(code)))")
    ExitStatus.wrongUsage.exit()
  }
}

extension CommandMain {
  /// The command line that explains what was used wrongly, which the parser's own hint names.
  private static func helpCommand<Root: ParsableCommand>(for error: any Error, of _: Root.Type) -> String {
    let hint = Root.fullMessage(for: error).firstMatch(of: /See '(.+? --help)'/)
    return hint.map { String($0.output.1) } ?? "\(Root._commandName) --help"
  }
}

extension String {
  fileprivate func trimmingSuffix(_ characters: String) -> Substring {
    var text = self[...]
    while let last = text.last, characters.contains(last) { text.removeLast() }
    return text
  }
}

extension ExitStatus: Error {}
