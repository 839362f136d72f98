import Support
import Testing

/// The network that fails on demand, without a broker.
@Suite struct FaultProxyTests {
  /// Two sockets with a proxy in between.
  private func connect() async throws -> (proxy: FaultProxy, client: TestPeer, server: TestPeer) {
    let listener = try TestPeer.listening()
    let proxy = try FaultProxy(to: listener.port)
    let client = try TestPeer(connectedTo: proxy.port)
    return (proxy, client, try await listener.accept())
  }

  @Test func bytesPassBothWaysAndAreCounted() async throws {
    let (proxy, client, server) = try await connect()
    defer { proxy.stop() }
    let large = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    async let sent: Void = client.send(large)
    #expect(try await server.receive(large.count) == large)
    try await sent
    try await server.send([1, 2, 3])
    #expect(try await client.receive(3) == [1, 2, 3])
    try await eventually("the counts") {
      let counts = proxy.statistics
      return counts.accepted == 1 && counts.open == 1 && counts.bytesTowardsServer == large.count
        && counts.bytesTowardsClient == 3
    }
  }

  @Test func anEndIsPassedOnAfterWhatWasSent() async throws {
    let (proxy, client, server) = try await connect()
    defer { proxy.stop() }
    try await client.send([1, 2])
    client.finish()
    #expect(try await server.receive(2) == [1, 2])
    #expect(try await server.ending() == .orderly)
    // The other way is open still.
    try await server.send([3])
    #expect(try await client.receive(1) == [3])
    server.finish()
    #expect(try await client.ending() == .orderly)
    try await eventually("the end") { proxy.statistics.open == 0 && proxy.statistics.endedByClient == 1 }
  }

  @Test func aCutIsAResetOnBothSides() async throws {
    let (proxy, client, server) = try await connect()
    defer { proxy.stop() }
    try await client.send([1])
    #expect(try await server.receive(1) == [1])
    proxy.cut()
    #expect(try await client.ending() == .reset)
    #expect(try await server.ending() == .reset)
    #expect(proxy.statistics.cut == 1 && proxy.statistics.endedByClient == 0)
  }

  @Test func aCutInsideAFrameLetsHalfOfItThrough() async throws {
    let (proxy, client, server) = try await connect()
    defer { proxy.stop() }
    proxy.cutInsideFrame()
    try await server.send([1, 2, 3, 4, 5, 6, 7, 8])
    #expect(try await client.receive(4) == [1, 2, 3, 4])
    #expect(try await client.ending() == .reset)
    #expect(try await server.ending() == .reset)
    #expect(proxy.statistics.cut == 1)
  }

  @Test func connectionsAreRefusedUntilTheyAreNot() async throws {
    let listener = try TestPeer.listening()
    let proxy = try FaultProxy(to: listener.port)
    defer { proxy.stop() }
    proxy.refuse(true)
    _ = try await TestPeer(connectedTo: proxy.port).ending()
    #expect(proxy.statistics.refused == 1 && proxy.statistics.open == 0)
    proxy.resume()
    let client = try TestPeer(connectedTo: proxy.port)
    let server = try await listener.accept()
    try await client.send([7])
    #expect(try await server.receive(1) == [7])
  }

  @Test func aServerThatIsGoneIsAnEnd() async throws {
    let listener = try TestPeer.listening()
    let proxy = try FaultProxy(to: listener.port)
    defer { proxy.stop() }
    listener.close()
    _ = try await TestPeer(connectedTo: proxy.port).ending()
    try await eventually("the end") { proxy.statistics.open == 0 }
  }

  @Test func aStalledNetworkIsSilentAndLosesNothing() async throws {
    let (proxy, client, server) = try await connect()
    defer { proxy.stop() }
    proxy.stallTowardsServer(true)
    try await client.send([1])
    // The other way is good, so that the stalled one had its time.
    try await server.send([2])
    #expect(try await client.receive(1) == [2])
    #expect(server.isQuiet)
    proxy.stallTowardsServer(false)
    #expect(try await server.receive(1) == [1])

    proxy.stallTowardsClient(true)
    try await server.send([3])
    try await client.send([4])
    #expect(try await server.receive(1) == [4])
    #expect(client.isQuiet)

    proxy.stall(true)
    client.finish()
    let another = try TestPeer(connectedTo: proxy.port)
    try await eventually("a connection") { proxy.statistics.accepted == 2 }
    #expect(server.isQuiet && another.isQuiet, "neither bytes nor an end go through")
    proxy.resume()
    #expect(try await client.receive(1) == [3])
    #expect(try await server.ending() == .orderly)
  }

  @Test func aSlowNetworkKeepsToItsPaceAndIsQuickAgainAfterwards() async throws {
    let (proxy, client, server) = try await connect()
    defer { proxy.stop() }
    let bytes = (0..<2_000).map { UInt8(truncatingIfNeeded: $0) }
    proxy.slow(bytesPerSecond: 4_000, chunk: 3)
    let begin = ContinuousClock.now
    try await client.send(bytes)
    #expect(try await server.receive(bytes.count) == bytes)
    // What it may catch up on at the beginning is less than a tenth.
    #expect(ContinuousClock.now - begin > .milliseconds(450))
    try await client.send(Array(repeating: 9, count: 1 << 20))
    proxy.resume()
    #expect(try await server.receive(1 << 20).count == 1 << 20)
  }

  @Test func stoppingEndsEverything() async throws {
    let (proxy, client, server) = try await connect()
    proxy.stop()
    #expect(try await client.ending() == .reset)
    #expect(try await server.ending() == .reset)
  }
}
