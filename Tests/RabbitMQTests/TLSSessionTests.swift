import Foundation
import Glibc
import Support
import Testing

@testable import RabbitMQ

@Suite struct TLSSessionTests {
  static let versions = ["-tls1_2", "-tls1_3"]

  /// What a handshake as `host` throws.
  func refusal(
    _ port: Int, as host: String = "localhost", _ configuration: TLSConfiguration,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> RabbitMQError {
    let error = #expect(throws: RabbitMQError.self, sourceLocation: sourceLocation) {
      try TLSClient.connected(to: port, as: host, configuration)
    }
    return try check(error, port, sourceLocation)
  }

  func check(_ error: RabbitMQError?, _ port: Int, _ sourceLocation: SourceLocation) throws -> RabbitMQError {
    let error = try #require(error, sourceLocation: sourceLocation)
    #expect(!error.description.contains("\n"), sourceLocation: sourceLocation)
    #expect(error.description.contains(":\(port): "), "\(error)", sourceLocation: sourceLocation)
    return error
  }

  // MARK: The broker's certificate

  @Test(arguments: versions) func aBrokerOfTheAuthorityIsSpokenTo(_ version: String) async throws {
    let certificates = try await TestCertificates.shared()
    let peer = try await TLSPeer(certificates.server, version, "-rev")
    let client = try TLSClient.connected(
      to: peer.port, TLSConfiguration(authorityFile: certificates.authority.certificate))
    #expect(client.session.summary.hasPrefix(version == "-tls1_2" ? "TLSv1.2, " : "TLSv1.3, "))
    #expect(try client.exchange(sending: Array("abc\n".utf8), receiving: 4) == Array("cba\n".utf8))
    client.session.shutdown()
  }

  @Test func anAddressIsHeldAgainstTheCertificatesAddresses() async throws {
    let certificates = try await TestCertificates.shared()
    let peer = try await TLSPeer(certificates.server)
    let configuration = TLSConfiguration(authorityFile: certificates.authority.certificate)
    for address in ["127.0.0.1", "::1"] {
      _ = try TLSClient.connected(to: peer.port, as: address, configuration)
    }
    let error = try refusal(peer.port, as: "127.0.0.2", configuration)
    #expect(error.code == .certificateRefused && error.description.contains("not for '127.0.0.2'"), "\(error)")
  }

  @Test func aBrokerOfAnUnknownAuthorityIsRefused() async throws {
    let certificates = try await TestCertificates.shared()
    let peer = try await TLSPeer(certificates.server)
    let other = certificates.otherAuthority.certificate
    let error = try refusal(peer.port, TLSConfiguration(authorityFile: other))
    #expect(error.code == .certificateRefused && !error.isRetriable)
    #expect(error.description.contains("not signed by an authority in \(other)"), "\(error)")
  }

  @Test func aBrokerOfAPrivateAuthorityIsRefusedByTheSystemsStore() async throws {
    let certificates = try await TestCertificates.shared()
    let peer = try await TLSPeer(certificates.server)
    let error = try refusal(peer.port, TLSConfiguration())
    #expect(error.code == .certificateRefused && !error.isRetriable)
    #expect(error.description.contains("this system trusts"), "\(error)")
  }

  @Test func certificatesOutOfTheirTimeAreRefused() async throws {
    let certificates = try await TestCertificates.shared()
    for (identity, words) in [(certificates.expired, "has expired"), (certificates.notYetValid, "not valid yet")] {
      let peer = try await TLSPeer(identity)
      let error = try refusal(peer.port, TLSConfiguration(authorityFile: certificates.authority.certificate))
      #expect(error.code == .certificateRefused && !error.isRetriable)
      #expect(error.description.contains(words), "\(error)")
    }
  }

  @Test func aCertificateForAnotherNameIsRefused() async throws {
    let certificates = try await TestCertificates.shared()
    let peer = try await TLSPeer(certificates.elsewhere)
    var configuration = TLSConfiguration(authorityFile: certificates.authority.certificate)
    let error = try refusal(peer.port, configuration)
    #expect(error.code == .certificateRefused && !error.isRetriable)
    #expect(error.description.contains("not for 'localhost'"), "\(error)")
    configuration.serverName = "elsewhere.test"
    _ = try TLSClient.connected(to: peer.port, configuration)
  }

  @Test func aCommonNameIsNoProof() async throws {
    let certificates = try await TestCertificates.shared()
    let peer = try await TLSPeer(certificates.nameless)
    let error = try refusal(peer.port, TLSConfiguration(authorityFile: certificates.authority.certificate))
    #expect(error.code == .certificateRefused && error.description.contains("subjectAltName"), "\(error)")
  }

  @Test func aWildcardStandsForOneWholeLabel() async throws {
    let certificates = try await TestCertificates.shared()
    let peer = try await TLSPeer(certificates.wildcard)
    let configuration = TLSConfiguration(authorityFile: certificates.authority.certificate)
    _ = try TLSClient.connected(to: peer.port, as: "broker.whole.test", configuration)
    for host in ["one.two.whole.test", "whole.test", "partial.broker.test"] {
      #expect(try refusal(peer.port, as: host, configuration).code == .certificateRefused)
    }
  }

  @Test func whatIsNotAskedForIsNotVerified() async throws {
    let certificates = try await TestCertificates.shared()
    let peer = try await TLSPeer(certificates.elsewhere)
    _ = try TLSClient.connected(
      to: peer.port, TLSConfiguration(authorityFile: certificates.authority.certificate, verification: .chainOnly))
    let error = try refusal(peer.port, TLSConfiguration(verification: .chainOnly))
    #expect(error.code == .certificateRefused)
    let expired = try await TLSPeer(certificates.expired)
    _ = try TLSClient.connected(to: expired.port, TLSConfiguration(verification: .none))
  }

  @Test func aNameThatNoCertificateCanHoldIsRefused() async throws {
    let peer = try SilentPeer()
    for name in ["", ".", "a\0b", String(repeating: "a", count: 300)] {
      let error = #expect(throws: RabbitMQError.self) { try TLSClient(peer.port, as: name, TLSConfiguration()) }
      #expect(error?.code == .invalidTLS)
    }
  }

  @Test func aBrokerIsToldNamesButNoAddresses() async throws {
    let certificates = try await TestCertificates.shared()
    let configuration = TLSConfiguration(authorityFile: certificates.authority.certificate)
    func peer(_ first: TestCertificates.Identity, _ name: String, _ second: TestCertificates.Identity) async throws
      -> TLSPeer
    {
      try await TLSPeer(first, "-servername", name, "-cert2", second.certificate, "-key2", second.key)
    }
    let named = try await peer(certificates.elsewhere, "localhost", certificates.server)
    _ = try TLSClient.connected(to: named.port, configuration)
    let addressed = try await peer(certificates.server, "127.0.0.1", certificates.elsewhere)
    _ = try TLSClient.connected(to: addressed.port, as: "127.0.0.1", configuration)
  }

  // MARK: The client's certificate

  func demandingPeer(_ version: String) async throws -> TLSPeer {
    let certificates = try await TestCertificates.shared()
    return try await TLSPeer(
      certificates.server, version, "-rev", "-Verify", "1", "-verify_return_error", "-CAfile",
      certificates.authority.certificate)
  }

  @Test(arguments: versions) func aClientsCertificateLetsItIn(_ version: String) async throws {
    let certificates = try await TestCertificates.shared()
    let peer = try await demandingPeer(version)
    let client = try TLSClient.connected(
      to: peer.port,
      TLSConfiguration(
        authorityFile: certificates.authority.certificate, certificateFile: certificates.client.certificate,
        keyFile: certificates.encryptedKey, keyPassword: TestCertificates.password))
    #expect(try client.exchange(sending: Array("abc\n".utf8), receiving: 4) == Array("cba\n".utf8))
  }

  @Test(arguments: versions, ["reading", "writing"])
  func aMissingClientCertificateIsTold(_ version: String, _ direction: String) async throws {
    let certificates = try await TestCertificates.shared()
    let peer = try await demandingPeer(version)
    let error = try refusalOfClient(
      peer.port, TLSConfiguration(authorityFile: certificates.authority.certificate), direction)
    #expect(error.code == .clientCertificateRefused && !error.isRetriable)
    #expect(error.description.contains("none is configured"), "\(error)")
  }

  @Test(arguments: versions, ["reading", "writing"])
  func aClientCertificateThatIsNotAcceptedIsTold(_ version: String, _ direction: String) async throws {
    let certificates = try await TestCertificates.shared()
    let peer = try await demandingPeer(version)
    let stranger = certificates.stranger
    let error = try refusalOfClient(
      peer.port,
      TLSConfiguration(
        authorityFile: certificates.authority.certificate, certificateFile: stranger.certificate, keyFile: stranger.key
      ), direction)
    #expect(error.code == .clientCertificateRefused && !error.isRetriable)
    #expect(error.description.contains("does not accept the client certificate \(stranger.certificate)"), "\(error)")
  }

  /// What the handshake throws, or with TLS 1.3 what comes after it.
  func refusalOfClient(
    _ port: Int, _ configuration: TLSConfiguration, _ direction: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> RabbitMQError {
    let error = #expect(throws: RabbitMQError.self, sourceLocation: sourceLocation) {
      let client = try TLSClient.connected(to: port, configuration)
      if direction == "writing" {
        // Nothing is read: the closed socket has to lead to the alert.
        while true {
          try client.wait(reading: false, writing: true, until: .now + .seconds(10))
          _ = try client.fill(Array("AMQP".utf8))
        }
      }
      _ = try client.readToEnd()
    }
    return try check(error, port, sourceLocation)
  }

  // MARK: Peers that do not speak TLS as they should

  @Test func aPeerWithoutTLSIsRecognised() async throws {
    for greeting in ["AMQP\0\0\u{9}\u{1}", "HTTP/1.1 400 Bad Request\r\n\r\n", "220 mail.test ESMTP\r\n"] {
      let peer = try GreetingPeer()
      let client = try TLSClient(peer.port, TLSConfiguration())
      let greeted = try peer.greet(Array(greeting.utf8), hangingUp: true)
      let error = #expect(throws: RabbitMQError.self) { try client.session.handshake(until: .now + .seconds(10)) }
      #expect(error?.code == .tlsFailed && error?.isRetriable == false)
      #expect(error?.description.contains("does not speak TLS") == true, "\(String(describing: error))")
      withExtendedLifetime(greeted) {}
    }
  }

  @Test func anOldVersionIsRefused() async throws {
    let certificates = try await TestCertificates.shared()
    let peer = try await TLSPeer(certificates.server, "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0")
    let error = try refusal(peer.port, TLSConfiguration(authorityFile: certificates.authority.certificate))
    #expect(error.code == .tlsFailed && !error.isRetriable)
    #expect(error.description.contains("before 1.2"), "\(error)")
  }

  @Test func aPeerWithNoCipherInCommonIsTold() async throws {
    let certificates = try await TestCertificates.shared()
    // RSA's key exchange needs a certificate of another kind.
    let peer = try await TLSPeer(certificates.server, "-tls1_2", "-cipher", "AES128-SHA")
    let error = try refusal(peer.port, TLSConfiguration(authorityFile: certificates.authority.certificate))
    #expect(error.code == .tlsFailed && !error.isRetriable)
    #expect(error.description.contains("in common"), "\(error)")
  }

  @Test(arguments: [[], [22, 3, 3, 0, 100, 2, 0]] as [[UInt8]])
  func aPeerThatStallsIsGivenUpAtTheDeadline(_ greeting: [UInt8]) async throws {
    let peer = try GreetingPeer()
    let client = try TLSClient(peer.port, TLSConfiguration())
    let greeted = try peer.greet(greeting, hangingUp: false)
    let start = ContinuousClock.now
    let error = #expect(throws: RabbitMQError.self) { try client.session.handshake(until: start + .milliseconds(200)) }
    #expect(error?.code == .timedOut && error?.isRetriable == true)
    #expect(ContinuousClock.now - start >= .milliseconds(200))
    #expect(ContinuousClock.now - start < .seconds(20))
    withExtendedLifetime(greeted) {}
  }

  @Test func aPeerThatHangsUpInTheHandshakeMayBeTriedAgain() async throws {
    let peer = try GreetingPeer()
    let client = try TLSClient(peer.port, TLSConfiguration())
    let greeted = try peer.greet([22, 3, 3], hangingUp: true)
    let error = #expect(throws: RabbitMQError.self) { try client.session.handshake(until: .now + .seconds(10)) }
    #expect(error?.code == .connectionLost && error?.isRetriable == true)
    // It says the same when it is asked again, and nothing is done.
    let again = #expect(throws: RabbitMQError.self) { try client.session.handshake() }
    #expect(again?.description == error?.description)
    withExtendedLifetime(greeted) {}
  }

  // MARK: Bytes

  @Test(arguments: versions) func megabytesCrossBothWaysAtOnce(_ version: String) async throws {
    let certificates = try await TestCertificates.shared()
    let bytes = countingBytes(8 << 20)
    let peer = try await TLSPeer(certificates.server, version)
    let client = try TLSClient.connected(
      to: peer.port, TLSConfiguration(authorityFile: certificates.authority.certificate))
    try await peer.send(bytes)
    let received = try client.exchange(sending: bytes, receiving: bytes.count)
    #expect(received == bytes)
    try await expect(peer, toPrint: bytes)
  }

  @Test(arguments: versions) func aWriteThatBlocksGoesOnWithTheSameBytesElsewhere(_ version: String) async throws {
    let certificates = try await TestCertificates.shared()
    let bytes = countingBytes(16 << 20)
    let peer = try await TLSPeer(certificates.server, version)
    let client = try TLSClient.connected(
      to: peer.port, TLSConfiguration(authorityFile: certificates.authority.certificate))
    peer.freeze()
    var sent = try client.fill(bytes)
    #expect(sent < bytes.count)
    #expect(client.session.pollEvents(reading: false, writing: true) == Int16(POLLOUT))
    // Still full, however often it is asked.
    sent += try client.fill(Array(bytes[sent...]))
    #expect(sent < bytes.count)
    peer.thaw()
    _ = try client.exchange(sending: Array(bytes[sent...]), mostAtOnce: 70_000)
    try await expect(peer, toPrint: bytes)
  }

  /// Waits until the peer has printed `bytes`, in one piece.
  func expect(_ peer: TLSPeer, toPrint bytes: [UInt8]) async throws {
    let expected = Data(bytes)
    let beginning = expected.prefix(1000)
    try await eventually("the peer's output") {
      let output = try peer.output()
      guard let start = output.range(of: beginning)?.lowerBound else { return false }
      return output[start...].prefix(bytes.count) == expected
    }
  }

  @Test func whatPollDoesNotSeeIsKnown() async throws {
    let certificates = try await TestCertificates.shared()
    let bytes = countingBytes(50_000)
    let peer = try await TLSPeer(certificates.server)
    let client = try TLSClient.connected(
      to: peer.port, TLSConfiguration(authorityFile: certificates.authority.certificate))
    try await peer.send(bytes)
    var received: [UInt8] = []
    while received.count < bytes.count {
      received += try client.exchange(receiving: min(7, bytes.count - received.count))
      // A part of a record is no longer in the socket.
      #expect(client.session.hasInput)
    }
    #expect(received == bytes)
    var byte: [UInt8] = [0]
    #expect(try byte.withUnsafeMutableBytes { try client.session.read(into: $0) } == .wouldBlock)
    #expect(!client.session.hasInput)
    #expect(client.session.pollEvents(reading: true, writing: false) == Int16(POLLIN))
    peer.hangUp()
    #expect(try client.readToEnd() == [])
  }

  @Test func newKeysInTheMiddleAreNoMatter() async throws {
    let certificates = try await TestCertificates.shared()
    let peer = try await TLSPeer(certificates.server, "-tls1_3", "-state")
    let client = try TLSClient.connected(
      to: peer.port, TLSConfiguration(authorityFile: certificates.authority.certificate))
    // K changes the peer's keys and asks this end for new ones, too.
    for round in 1...3 {
      try await peer.send(Array("K\n".utf8))
      // Apart, since the peer looks for a command at the beginning of what it finds in its input.
      try await eventually("change \(round) of the keys") {
        try peer.errors().split(separator: "write server key update").count > round
      }
      let text = Array("=\(round)=\n".utf8)
      try await peer.send(text)
      #expect(try client.exchange(sending: text, receiving: text.count) == text)
    }
  }

  @Test func aRenegotiationIsDeclined() async throws {
    let certificates = try await TestCertificates.shared()
    let peer = try await TLSPeer(certificates.server, "-tls1_2")
    let client = try TLSClient.connected(
      to: peer.port, TLSConfiguration(authorityFile: certificates.authority.certificate))
    try await peer.send(Array("r\n".utf8))
    let error = #expect(throws: RabbitMQError.self) { _ = try client.readToEnd() }
    #expect(error?.code == .tlsFailed || error?.code == .connectionLost)
  }

  // MARK: Ends

  @Test func thePeersEndIsAnEndWithOrWithoutTLSSayingSo() async throws {
    let certificates = try await TestCertificates.shared()
    let configuration = TLSConfiguration(authorityFile: certificates.authority.certificate)
    let polite = try await TLSPeer(certificates.server)
    let first = try TLSClient.connected(to: polite.port, configuration)
    try await polite.send(Array("=1=\n".utf8))
    polite.hangUp()
    #expect(try first.readToEnd() == Array("=1=\n".utf8))
    #expect(try first.readToEnd() == [])

    let killed = try await TLSPeer(certificates.server)
    let second = try TLSClient.connected(to: killed.port, configuration)
    // Has it read everything, or its end would be a reset.
    try await killed.send(Array("=2=\n".utf8))
    #expect(try second.exchange(receiving: 4) == Array("=2=\n".utf8))
    try await killed.kill()
    #expect(try second.readToEnd() == [])
  }

  @Test func ourEndIsSaidToThePeer() async throws {
    let certificates = try await TestCertificates.shared()
    let peer = try await TLSPeer(certificates.server, "-state")
    let client = try TLSClient.connected(
      to: peer.port, TLSConfiguration(authorityFile: certificates.authority.certificate))
    client.session.shutdown()
    try await eventually("the peer's notice") {
      try (String(decoding: peer.output(), as: UTF8.self) + peer.errors()).contains("close notify")
    }
  }

  @Test func writingToAPeerThatIsGoneIsAnErrorAndNoSignal() async throws {
    let certificates = try await TestCertificates.shared()
    let peer = try await TLSPeer(certificates.server)
    let client = try TLSClient.connected(
      to: peer.port, TLSConfiguration(authorityFile: certificates.authority.certificate))
    try await peer.kill()
    // A signal that is neither ignored nor let in stays pending on the thread that raised it.
    let before = signal(SIGPIPE) { _ in }
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    defer {
      pthread_sigmask(SIG_UNBLOCK, &signals, nil)
      signal(SIGPIPE, before)
    }
    let error = #expect(throws: RabbitMQError.self) {
      while true {
        try client.wait(reading: false, writing: true, until: .now + .seconds(10))
        _ = try client.fill([1])
      }
    }
    #expect(error?.code == .connectionLost && error?.isRetriable == true)
    client.session.shutdown()
    var pending = sigset_t()
    sigpending(&pending)
    #expect(sigismember(&pending, SIGPIPE) == 0)
  }

  @Test func noDescriptorIsLeft() async throws {
    let certificates = try await TestCertificates.shared()
    let peer = try await TLSPeer(certificates.server)
    let good = TLSConfiguration(
      authorityFile: certificates.authority.certificate, certificateFile: certificates.client.certificate,
      keyFile: certificates.encryptedKey, keyPassword: TestCertificates.password)
    var bad = good
    bad.authorityFile = certificates.otherAuthority.certificate
    var broken = good
    broken.keyPassword = "guess"
    for _ in 0..<20 {
      #expect(try refusal(peer.port, bad).code == .certificateRefused)
      #expect(throws: RabbitMQError.self) { try TLSContext(broken) }
      _ = try TLSClient.connected(to: peer.port, good)
    }
    #expect(try openSockets(to: peer.port) == 0)
    #expect(try openFiles().filter { $0 == certificates.encryptedKey } == [])
  }

  @Test func theSocketIsLeftToItsOwner() async throws {
    let certificates = try await TestCertificates.shared()
    let peer = try await TLSPeer(certificates.server)
    let endpoint = Endpoint(host: "localhost", port: peer.port)
    let descriptor = try SocketConnector.connect(
      to: Endpoint(host: "127.0.0.1", port: peer.port), timeout: .seconds(10))
    let context = try TLSContext(TLSConfiguration(authorityFile: certificates.authority.certificate))
    do {
      let session = try TLSSession(context, descriptor: descriptor, endpoint: endpoint)
      try session.handshake(until: .now + .seconds(10))
    }
    #expect(try openSockets(to: peer.port) == 1)
    close(descriptor)
  }

  /// What this process's descriptors stand for; other tests open and close theirs in the meantime.
  func openFiles() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap {
      try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
    }
  }

  func openSockets(to port: Int) throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { Int32($0) }.count {
      var address = sockaddr_in()
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let descriptor = $0
      let status = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &length) }
      }
      return status == 0 && address.sin_family == AF_INET && Int(UInt16(bigEndian: address.sin_port)) == port
    }
  }
}
