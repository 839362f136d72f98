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
    var sources: [any DispatchSourceSignal] = []
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
    for number in [SIGINT, SIGTERM] {
      // A source only hears of signals that do not end the process first.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [weak self] in self?.ask() }
      source.resume()
      state.withLock { $0.value.sources.append(source) }
    }
  }

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
    for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
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
