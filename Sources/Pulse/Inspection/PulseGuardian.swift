public import RabbitMQ

/// PulseGuardian, which watches over the queues of Pulse and tells everybody what they are bound to.
///
/// It learns of queues in intervals, so that a new one is unknown to it for a while; for one that it knows it asks the
/// broker. It tells no count of messages.
public struct PulseGuardian: QueueInspector {
  private let address: InspectorAddress
  private let timeLimit: Duration

  /// The PulseGuardian at `text`, for example `https://pulseguardian.mozilla.org`.
  ///
  /// - Parameters:
  ///   - text: The address; a user and a password in it are sent, none are needed on Pulse.
  ///   - timeLimit: How long a whole answer may take.
  /// - Throws: ``PulseError`` with code `invalidConfiguration`.
  public init(_ text: String, timeLimit: Duration = .seconds(10)) throws(PulseError) {
    address = try InspectorAddress(text, what: "URL of PulseGuardian")
    self.timeLimit = timeLimit
  }

  /// Name and address, without credentials.
  public var description: String { "PulseGuardian at \(address.base)" }

  /// The bindings of `queue`, as the broker has them now.
  public func bindings(of queue: String) async throws -> [Binding] {
    // Its route takes the queue's name as a path: the slashes stay, the rest is encoded.
    let path = queue.split(separator: "/", omittingEmptySubsequences: false).map { String($0).asPathComponent }
      .joined(separator: "/")
    let answer = try await HTTPQuestion(
      address: "\(address.base)/queue/\(path)/bindings", credentials: address.credentials, timeLimit: timeLimit,
      asked: description
    ).ask()
    guard answer.status == 200 else { throw answer.refusal(by: description) }
    return try InspectionAnswer(asked: description, queue: queue, body: answer.body).guardianBindings()
  }
}
