import Testing

@testable import RabbitMQ

@Suite struct HandshakeTests {
  let start = Frame.method(
    channel: 0, .connectionStart(mechanisms: ["PLAIN", "AMQPLAIN"], properties: ["product": "RabbitMQ"]))
  let tune = Frame.method(channel: 0, .connectionTune(channelMaximum: 2047, frameMaximum: 131_072, heartbeat: 60))

  func begun(_ endpoint: Endpoint = Endpoint(host: "h")) -> Handshake {
    var handshake = Handshake(endpoint: endpoint, name: "test")
    #expect(handshake.begin() == [.sendProtocolHeader])
    return handshake
  }

  @Test func aHandshakeRunsToItsEnd() throws {
    var handshake = begun(Endpoint(host: "h", credentials: .init(user: "u", password: "p"), virtualHost: "v"))
    guard case .send(.startOK(let properties, let mechanism, let response)) = try handshake.receive(start).first else {
      Issue.record("no start-ok")
      return
    }
    #expect(mechanism == "PLAIN")
    #expect(response == Array("\0u\0p".utf8))
    guard case .table(let capabilities) = properties["capabilities"] else {
      Issue.record("no capabilities")
      return
    }
    #expect(capabilities["consumer_cancel_notify"] == true)
    #expect(capabilities["connection.blocked"] == true)
    #expect(capabilities["authentication_failure_close"] == true)
    #expect(
      try handshake.receive(tune) == [
        .tune(.init(channelMaximum: 2047, frameMaximum: 131_072, heartbeat: 60)),
        .send(.tuneOK(channelMaximum: 2047, frameMaximum: 131_072, heartbeat: 60)),
        .send(.open(virtualHost: "v")),
      ])
    #expect(
      try handshake.receive(.method(channel: 0, .connectionOpenOK)) == [.complete])
  }

  @Test(arguments: [
    // theirs, ours, agreed
    (UInt16(60), UInt16(20), UInt16(20)), (10, 20, 10), (0, 20, 20), (60, 0, 0), (0, 0, 0),
  ])
  func theShorterHeartbeatCountsAndZeroTurnsThemOff(_ theirs: UInt16, _ ours: UInt16, _ agreed: UInt16) throws {
    var handshake = begun(Endpoint(host: "h", heartbeat: ours))
    _ = try handshake.receive(start)
    let actions = try handshake.receive(
      .method(channel: 0, .connectionTune(channelMaximum: 0, frameMaximum: 0, heartbeat: theirs)))
    #expect(
      actions.first
        == .tune(
          .init(
            channelMaximum: Handshake.channelMaximum, frameMaximum: Handshake.frameMaximum, heartbeat: agreed)))
  }

  @Test func aRefusedLoginIsToldApart() throws {
    var handshake = begun(Endpoint(host: "h", credentials: .init(user: "u", password: "secret")))
    _ = try handshake.receive(start)
    let error = #expect(throws: RabbitMQError.self) {
      try handshake.receive(.method(channel: 0, .connectionClose(ReplyText(code: 403, text: "ACCESS_REFUSED"))))
    }
    #expect(error?.code == .authenticationRefused)
    #expect(error?.description.contains("secret") == false)
  }

  @Test(arguments: [
    ("NOT_ALLOWED - vhost v not found", RabbitMQError.Code.notFound),
    ("NOT_ALLOWED - access to vhost 'v' refused for user 'u'", .accessRefused),
  ])
  func aRefusedVirtualHostIsToldApart(_ text: String, _ code: RabbitMQError.Code) throws {
    var handshake = begun()
    _ = try handshake.receive(start)
    _ = try handshake.receive(tune)
    let error = #expect(throws: RabbitMQError.self) {
      try handshake.receive(.method(channel: 0, .connectionClose(ReplyText(code: 530, text: text))))
    }
    #expect(error?.code == code)
  }

  @Test func anotherProtocolOrAnotherOrderIsAnError() throws {
    var handshake = begun()
    #expect(throws: RabbitMQError.self) { try handshake.receive(.protocolHeader(major: 1, minor: 0)) }
    var other = begun()
    #expect(throws: RabbitMQError.self) { try other.receive(tune) }
    var without = begun()
    #expect(throws: RabbitMQError.self) {
      try without.receive(.method(channel: 0, .connectionStart(mechanisms: ["EXTERNAL"], properties: [:])))
    }
  }
}
