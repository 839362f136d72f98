import Glibc
import JSONSchema
import JobStore
import Pulse
import RabbitMQ

/// How a command ends, as scripts see it.
public enum ExitStatus: Int32, Sendable {
  /// Everything was done.
  case done = 0
  /// Some of the input was refused; the rest was done.
  case inputRefused = 1
  /// The command was used wrongly, or its configuration is wrong: the same call will fail again.
  case wrongUsage = 2
  /// The broker or the store could not be reached.
  case unreachable = 3

  /// The status that an error means.
  public init(for error: any Error) {
    switch error {
    case let failure as CommandFailure:
      self = failure.status
    case let error as RabbitMQError:
      let wrongUsage: [RabbitMQError.Code] = [
        .invalidURL, .authenticationRefused, .accessRefused, .notFound, .preconditionFailed, .invalidArgument,
        .invalidTLS, .certificateRefused, .clientCertificateRefused, .tlsFailed,
      ]
      self = wrongUsage.contains(error.code) ? .wrongUsage : .unreachable
    case let error as InspectionError:
      self = error.code == .unknownQueue ? .inputRefused : error.code == .refused ? .wrongUsage : .unreachable
    case let error as StoreError:
      self = error.code == .unavailable ? .unreachable : .wrongUsage
    default:
      self = .wrongUsage
    }
  }

  /// Ends the process.
  public func exit() -> Never { Glibc.exit(rawValue) }
}

/// What ends a command, with the one line that a person reads.
public struct CommandFailure: Error, Sendable, CustomStringConvertible {
  /// How the command ends.
  public let status: ExitStatus
  /// The line.
  public let description: String

  /// A failure; `description` says what was wrong, where, and what to do.
  public init(_ status: ExitStatus, _ description: String) {
    self.status = status
    self.description = description
  }
}
