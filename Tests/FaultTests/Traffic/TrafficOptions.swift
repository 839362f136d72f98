import RabbitMQ

/// How a run's traffic is made.
struct TrafficOptions: Sendable {
  /// The kind of the queue that is consumed.
  enum QueueType: String, Sendable, CaseIterable {
    case quorum, classic
  }

  var queueType = QueueType.quorum
  /// The interval of heartbeats, in seconds.
  var heartbeat = 1
  /// How the client comes back. Faults follow each other more quickly here than the default's waits allow for, which
  /// grow up to half a minute where connections are lost again soon.
  var recovery = RecoveryPolicy(maximumDelay: .seconds(1))
  /// How long a publication may stay without an answer.
  var confirmTimeout = Duration.seconds(30)
  /// The size of every body in bytes; nil for many sizes.
  var bodySize: Int?
  /// Messages in a batch.
  var batchSize = 200
  /// Batches under way at once.
  var pipelinedBatches = 4
  /// Confirmed messages that the consumer has yet to get above which the publisher waits, so that queues stay short.
  var backlog = 10_000
}
