/// The opening of a connection as a value: frames go in, what to do comes out.
struct Handshake {
  enum Action: Equatable {
    case sendProtocolHeader
    case send(ClientMethod)
    case tune(Tuning)
    case complete
  }

  /// What both ends agreed on.
  struct Tuning: Equatable {
    var channelMaximum: UInt16
    /// The largest frame, in bytes.
    var frameMaximum: UInt32
    /// Seconds between heartbeats; 0 where there are none.
    var heartbeat: UInt16
  }

  private enum State {
    case idle, awaitingStart, awaitingTune, awaitingOpenOK, done
  }

  /// The largest frame asked for; RabbitMQ's own default, beyond which librabbitmq gains nothing.
  static let frameMaximum: UInt32 = 131_072
  /// More channels than any use here; RabbitMQ's default limit is 2,047.
  static let channelMaximum: UInt16 = 2_047

  private var state = State.idle
  private let endpoint: Endpoint
  private let clientProperties: FieldTable

  /// - Parameter name: what the broker's management shows for the connection.
  init(endpoint: Endpoint, name: String) {
    self.endpoint = endpoint
    clientProperties = [
      "product": "drover",
      "platform": "Swift",
      "connection_name": .string(name),
      // authentication_failure_close makes the broker say that the login failed, where it would else just hang up.
      "capabilities": .table([
        "authentication_failure_close": true, "basic.nack": true, "connection.blocked": true,
        "consumer_cancel_notify": true, "exchange_exchange_bindings": true, "publisher_confirms": true,
      ]),
    ]
  }

  mutating func begin() -> [Action] {
    state = .awaitingStart
    return [.sendProtocolHeader]
  }

  mutating func receive(_ frame: Frame) throws(RabbitMQError) -> [Action] {
    switch (state, frame) {
    case (.awaitingStart, .protocolHeader(let major, let minor)):
      throw RabbitMQError(.protocolViolation, "\(endpoint) speaks AMQP \(major).\(minor), not 0-9-1")
    case (.awaitingStart, .method(0, .connectionStart(let mechanisms, _))):
      guard mechanisms.contains("PLAIN") else {
        throw RabbitMQError(
          .authenticationRefused, "\(endpoint) takes no password: it offers \(mechanisms.joined(separator: ", "))")
      }
      state = .awaitingTune
      let response = [0] + Array(endpoint.credentials.user.utf8) + [0] + Array(endpoint.credentials.password.utf8)
      return [.send(.startOK(properties: clientProperties, mechanism: "PLAIN", response: response))]
    case (.awaitingTune, .method(0, .connectionTune(let channels, let frameSize, let heartbeat))):
      func lower<T: FixedWidthInteger>(_ theirs: T, _ ours: T) -> T { theirs == 0 ? ours : min(theirs, ours) }
      let tuning = Tuning(
        channelMaximum: lower(channels, Self.channelMaximum),
        // 4,096 bytes is the least that the standard allows (AMQP 0-9-1, frame-min-size).
        frameMaximum: max(lower(frameSize, Self.frameMaximum), 4_096),
        heartbeat: endpoint.heartbeat == 0 ? 0 : lower(heartbeat, endpoint.heartbeat))
      state = .awaitingOpenOK
      return [
        .tune(tuning),
        .send(
          .tuneOK(
            channelMaximum: tuning.channelMaximum, frameMaximum: tuning.frameMaximum, heartbeat: tuning.heartbeat)),
        .send(.open(virtualHost: endpoint.virtualHost)),
      ]
    case (.awaitingOpenOK, .method(0, .connectionOpenOK)):
      state = .done
      return [.complete]
    case (_, .method(0, .connectionClose(let reply))):
      throw refusal(reply)
    case (_, .heartbeat):
      return []
    default:
      throw RabbitMQError(.protocolViolation, "\(endpoint) sent something else than a handshake")
    }
  }

  private func refusal(_ reply: ReplyText) -> RabbitMQError {
    switch (state, reply.code) {
    case (.awaitingTune, 403):
      RabbitMQError(
        .authenticationRefused,
        "\(endpoint) refused user \(endpoint.credentials.user): no such user, or another password")
    case (.awaitingOpenOK, 530) where reply.text.hasSuffix("not found"):
      RabbitMQError(.notFound, "\(endpoint) has no virtual host \(endpoint.virtualHost)")
    case (.awaitingOpenOK, 530):
      RabbitMQError(
        .accessRefused,
        "\(endpoint) refused user \(endpoint.credentials.user) the virtual host \(endpoint.virtualHost): \(reply.text)")
    default:
      RabbitMQError(connectionClose: reply)
    }
  }
}
