import Logging
import Metrics
import RabbitMQ

/// Looks at a queue's length from time to time, and says when it nears what PulseGuardian allows.
struct QueueDepth {
  let queue: String
  let connection: Connection
  let inspector: (any QueueInspector)?
  let logger: Logger

  /// Looks again and again until the task is cancelled.
  func watch(every interval: Duration) async {
    let gauge = Gauge(label: "drover_queue_messages", dimensions: [("queue", queue)])
    var watch = DepthWatch()
    while !Task.isCancelled {
      do {
        let count = try await count()
        gauge.record(count)
        if let report = watch.observe(count) {
          logger.log(level: report.level, "\(report)", metadata: ["queue": "\(queue)"])
        }
      } catch is CancellationError {
        return
      } catch {
        logger.debug("the queue's length is not known", metadata: ["queue": "\(queue)", "reason": "\(error)"])
      }
      try? await Task.sleep(for: interval)
    }
  }

  /// Messages in the queue. AMQP tells only of those that are ready: without an inspector, those that other listeners have
  /// in hand are missing.
  private func count() async throws -> Int {
    do {
      if let count = try await inspector?.messageCount(of: queue) { return count }
    } catch let error as InspectionError {
      logger.debug("the queue's length is asked of the broker", metadata: ["reason": "\(error)"])
    }
    let channel = try await connection.openChannel()
    do {
      let ready = try await channel.declare(QueueDeclaration(queue, isPassive: true)).messageCount
      await channel.close()
      return ready + (await connection.unsettledCount)
    } catch {
      await channel.close()
      throw error
    }
  }
}
