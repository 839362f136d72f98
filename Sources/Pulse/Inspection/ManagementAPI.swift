public import RabbitMQ

/// RabbitMQ's management API, which tells of queues to users with the tag `management`.
public struct ManagementAPI: QueueInspector {
  private let address: InspectorAddress
  private let credentials: Endpoint.Credentials
  private let virtualHost: String
  private let timeLimit: Duration

  /// The API at `text`, for example `http://localhost:15672` or `https://user:password@broker.example.org/management`.
  ///
  /// - Parameters:
  ///   - text: The address, with or without `/api`. Without a user in it the broker's user and password are used.
  ///   - broker: The broker whose queues are asked about; its first endpoint names the virtual host.
  ///   - timeLimit: How long a whole answer may take.
  /// - Throws: ``PulseError`` with code `invalidConfiguration`.
  public init(_ text: String, broker: BrokerURL, timeLimit: Duration = .seconds(10)) throws(PulseError) {
    let address = try InspectorAddress(text, what: "URL of the management API")
    let endpoint = broker.endpoints[0]
    // Whoever wrote amqps:// does not expect the password on the wire.
    guard address.credentials != nil || address.isEncrypted || address.isLoopback || endpoint.tls == nil else {
      throw PulseError(
        .invalidConfiguration,
        """
        URL of the management API: the password of an amqps:// broker would go out unencrypted: give https://, or a user \
        and a password in the URL
        """)
    }
    self.address = address
    credentials = address.credentials ?? endpoint.credentials
    virtualHost = endpoint.virtualHost
    self.timeLimit = timeLimit
  }

  /// Name and address, without credentials.
  public var description: String { "the management API at \(address.base)" }

  /// The bindings of `queue`, as the broker has them now.
  public func bindings(of queue: String) async throws -> [Binding] {
    let bindings = try await ask(about: queue, "/bindings").managementBindings()
    // RabbitMQ makes a list up for any name; only the question for the queue itself tells that there is none.
    if bindings.isEmpty { _ = try await ask(about: queue) }
    return bindings
  }

  /// The messages of `queue`, ready and unacknowledged; the broker counts them every few seconds.
  public func messageCount(of queue: String) async throws -> Int? {
    try await ask(about: queue).messageCount()
  }

  private func ask(about queue: String, _ part: String = "") async throws -> InspectionAnswer {
    let base = address.base.hasSuffix("/api") ? address.base : address.base + "/api"
    let question = HTTPQuestion(
      address: "\(base)/queues/\(virtualHost.asPathComponent)/\(queue.asPathComponent)\(part)",
      credentials: credentials, timeLimit: timeLimit, asked: description)
    let answer = try await question.ask()
    switch answer.status {
    case 200: return InspectionAnswer(asked: description, queue: queue, body: answer.body)
    case 404:
      throw InspectionError(
        .unknownQueue,
        "\(description): status 404: no queue \(queue) in the virtual host \(virtualHost), or no management API there")
    case 401:
      throw InspectionError(
        .refused,
        "\(description): status 401: the password is wrong, or \(credentials) lacks the tag management")
    default: throw answer.refusal(by: description)
    }
  }
}

extension HTTPAnswer {
  /// The error that a status other than 200 is.
  func refusal(by asked: String) -> InspectionError {
    let isRedirection = (300..<400).contains(status)
    let hint = isRedirection ? ", a redirection, which is not followed: give the address that it leads to" : ""
    return InspectionError(.refused, "\(asked): status \(status)\(hint)")
  }
}
