import Foundation
import Synchronization

/// A network between a client and a server on this machine that can be made to fail.
///
/// It listens on a port of its own and forwards every connection to another one. A thread does the work; what a test
/// asks for is done by that thread as soon as it has the turn, which is a matter of microseconds.
public final class FaultProxy: Sendable {
  /// The two ways that bytes go.
  public enum Direction: Sendable, CaseIterable {
    case towardsClient, towardsServer
  }

  /// What went through, from the start.
  public struct Statistics: Sendable, Equatable {
    /// Connections taken, those included that were refused by closing them at once.
    public var accepted = 0
    /// Connections that were closed at once.
    public var refused = 0
    /// Connections that are open now.
    public var open = 0
    /// Connections that were reset by ``FaultProxy/cut()`` or ``FaultProxy/cutInsideFrame()``.
    public var cut = 0
    /// Connections that the client ended ahead of the server: it gave the server up.
    public var endedByClient = 0
    /// Bytes handed to clients.
    public var bytesTowardsClient = 0
    /// Bytes handed to servers.
    public var bytesTowardsServer = 0
  }

  struct Pace: Sendable {
    let bytesPerSecond: Int
    let chunk: Int
  }

  private enum Cut {
    case atOnce, withNextBytes
  }

  /// What the tests asked for.
  private struct Orders {
    var refuses = false
    var stalled: Set<Direction> = []
    var pace: Pace?
    var cut: Cut?
    var isStopped = false
  }

  private let listener: Int32
  private let wakeUpRead: Int32
  private let wakeUpWrite: Int32
  private let target: Int
  private let orders = Mutex(Orders())
  private let counts = Mutex(Statistics())
  /// Where it listens.
  public let port: Int

  /// Forwards what comes to a free port, ``port``, to `target` on this machine.
  public init(to target: Int) throws {
    self.target = target
    (listener, port) = try Loopback.listen()
    Loopback.setNonBlocking(listener)
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      close(listener)
      throw DeadlinePassed(description: "no file descriptors for a proxy")
    }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    (wakeUpRead, wakeUpWrite) = (ends[0], ends[1])
    let proxy = self
    Thread.detachNewThread { proxy.run() }
  }

  /// What went through by now.
  public var statistics: Statistics { counts.withLock { $0 } }

  /// Resets every connection there is at once; what was on its way is lost. New connections are taken.
  public func cut() { order { $0.cut = .atOnce } }

  /// Resets each connection in the middle of the next bytes that pass, of which half get through.
  ///
  /// Bytes that pass are whole frames or large parts of some, so that half of them end inside one.
  public func cutInsideFrame() { order { $0.cut = .withNextBytes } }

  /// Closes new connections at once, or takes them again.
  public func refuse(_ refuses: Bool) { order { $0.refuses = refuses } }

  /// Forwards nothing in either direction and closes nothing, as a network does whose cable was pulled; or goes on.
  public func stall(_ stalls: Bool) { order { $0.stalled = stalls ? Set(Direction.allCases) : [] } }

  /// Forwards nothing towards the client, or goes on.
  public func stallTowardsClient(_ stalls: Bool) { stall(.towardsClient, stalls) }

  /// Forwards nothing towards the server, or goes on.
  public func stallTowardsServer(_ stalls: Bool) { stall(.towardsServer, stalls) }

  /// Lets bytes trickle: no more than `chunk` at a time and `bytesPerSecond` for each connection and direction.
  public func slow(bytesPerSecond: Int, chunk: Int) {
    order { $0.pace = Pace(bytesPerSecond: max(bytesPerSecond, 1), chunk: max(chunk, 1)) }
  }

  /// Becomes a good network again; what was stalled goes on, what was cut stays so.
  public func resume() {
    order { orders in
      orders = Orders(isStopped: orders.isStopped)
    }
  }

  /// Ends it with everything that goes through it.
  public func stop() { order { $0.isStopped = true } }

  private func stall(_ direction: Direction, _ stalls: Bool) {
    order { orders in
      if stalls { orders.stalled.insert(direction) } else { orders.stalled.remove(direction) }
    }
  }

  private func order(_ change: (inout Orders) -> Void) {
    orders.withLock { change(&$0) }
    var byte: UInt8 = 1
    // A full pipe means that a wake-up is under way already.
    _ = write(wakeUpWrite, &byte, 1)
  }

  // MARK: The thread

  private func run() {
    var links: [ProxyLink] = []
    while true {
      let now = orders.withLock { orders in
        // Cutting at once is done once; cutting with the next bytes is handed over to the connections there are.
        defer { orders.cut = nil }
        return orders
      }
      guard !now.isStopped else { break }
      switch now.cut {
      case .atOnce:
        for link in links { link.reset() }
        counts.withLock { $0.cut += links.count }
        links = []
      case .withNextBytes:
        for link in links { link.isToBeCut = true }
      case nil: break
      }
      for link in links { link.forward(stalled: now.stalled, pace: now.pace) }
      account(for: &links)
      wait(for: links, stalled: now.stalled)
      // What was asked for meanwhile holds for those that come now.
      let refuses = orders.withLock { $0.refuses }
      while let link = accept(refuses: refuses) { links.append(link) }
      // What was accepted counts as open before anything else happens to it.
      counts.withLock { $0.open = links.count }
    }
    for link in links { link.reset() }
    counts.withLock { $0.open = 0 }
    for descriptor in [listener, wakeUpRead, wakeUpWrite] { close(descriptor) }
  }

  /// Takes one connection and opens its other half; nil where none waits.
  private func accept(refuses: Bool) -> ProxyLink? {
    while true {
      let client = Glibc.accept(listener, nil, nil)
      guard client >= 0 else { return nil }
      counts.withLock { $0.accepted += 1 }
      _ = fcntl(client, F_SETFD, FD_CLOEXEC)
      guard !refuses, let server = try? Loopback.connect(to: target) else {
        close(client)
        counts.withLock { $0.refused += 1 }
        continue
      }
      Loopback.setNonBlocking(client)
      return ProxyLink(client: client, server: server)
    }
  }

  /// Adds up what the connections did, and forgets those that are over.
  private func account(for links: inout [ProxyLink]) {
    let sums = links.map { $0.takeCounts() }
    links.removeAll(where: \.isOver)
    let open = links.count
    counts.withLock { counts in
      for sum in sums {
        counts.bytesTowardsClient += sum.bytesTowardsClient
        counts.bytesTowardsServer += sum.bytesTowardsServer
        counts.cut += sum.cut
        counts.endedByClient += sum.endedByClient
      }
      counts.open = open
    }
  }

  /// Sleeps until there is something to do.
  private func wait(for links: [ProxyLink], stalled: Set<Direction>) {
    var descriptors = [
      pollfd(fd: wakeUpRead, events: Int16(POLLIN), revents: 0),
      pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
    ]
    for link in links { descriptors += link.pollRequests(stalled: stalled) }
    let deadline = links.compactMap { $0.nextTurn(stalled: stalled) }.min()
    let milliseconds = deadline.map { deadline -> Int32 in
      let rest = (deadline - .now).components
      return Int32(clamping: max(0, rest.seconds * 1_000 + rest.attoseconds / 1_000_000_000_000_000 + 1))
    }
    guard poll(&descriptors, nfds_t(descriptors.count), milliseconds ?? -1) > 0 else { return }
    if descriptors[0].revents != 0 {
      var bytes = (UInt64(0), UInt64(0))
      while withUnsafeMutableBytes(of: &bytes, { read(wakeUpRead, $0.baseAddress, $0.count) }) > 0 {}
    }
  }
}
