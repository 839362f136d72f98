import Dispatch
import Glibc
import Synchronization

/// The wish of whoever runs the command that it should end: Ctrl-C or SIGTERM.
///
/// The first one asks for an orderly end; from then on the signals have their usual effect, so that a second one ends
/// the process at once.
public final class Interrupt: Sendable {
  private struct State {
    var isAsked = false
    var handlers: [@Sendable () -> Void] = []
    var source: (any DispatchSourceRead)?
  }

  // Dispatch's sources are not marked Sendable, though they are safe to keep and cancel from anywhere.
  private let state = Mutex(Unchecked(State()))

  /// Becomes readable when the end is asked for: for a wait in `poll`.
  let descriptor: Int32
  private let signalling: Int32

  private struct Unchecked<Value>: @unchecked Sendable {
    var value: Value
    init(_ value: Value) { self.value = value }
  }

  /// Watches the signals from now on.
  public init() {
    var ends: [Int32] = [-1, -1]
    // Without descriptors to spare the command fails at its next step; until then poll ignores a negative one.
    _ = pipe(&ends)
    (descriptor, signalling) = (ends[0], ends[1])
    let source = DispatchSource.makeReadSource(fileDescriptor: Self.signals.read, queue: .global())
    source.setEventHandler { [weak self] in
      var byte: UInt8 = 0
      while read(Self.signals.read, &byte, 1) > 0 {}
      self?.ask()
    }
    source.resume()
    state.withLock { $0.value.source = source }
    for number in [SIGINT, SIGTERM] {
      // Dispatch's own sources hear of signals only some time after they were made: what came before would be lost.
      signal(number) { _ in
        let before = errno
        signal(SIGINT, SIG_DFL)
        signal(SIGTERM, SIG_DFL)
        var byte: UInt8 = 1
        _ = write(Interrupt.signals.write, &byte, 1)
        errno = before
      }
    }
  }

  /// What tells of a signal: a handler may do little more than write to it.
  private static let signals: (read: Int32, write: Int32) = {
    var ends: [Int32] = [-1, -1]
    _ = pipe(&ends)
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    return (ends[0], ends[1])
  }()

  /// Whether the end was asked for.
  public var isAsked: Bool { state.withLock { $0.value.isAsked } }

  /// Calls `handler` when the end is asked for; at once where it has been.
  public func onAsked(_ handler: @escaping @Sendable () -> Void) {
    let isAsked = state.withLock { state in
      if !state.value.isAsked { state.value.handlers.append(handler) }
      return state.value.isAsked
    }
    if isAsked { handler() }
  }

  private func ask() {
    let handlers = state.withLock { state in
      state.value.isAsked = true
      defer { state.value.handlers = [] }
      return state.value.handlers
    }
    var byte: UInt8 = 1
    _ = write(signalling, &byte, 1)
    for handler in handlers { handler() }
  }
}
