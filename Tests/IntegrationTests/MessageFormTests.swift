import Foundation
import Logging
import RabbitMQ
import Support
import Testing

/// The forms that a producer's message may have.
@Suite struct MessageFormTests {
  @Test func jobsOfBothGenerationsAreStoredBareOrInTheEnvelopeWhateverTheirContentType() async throws {
    let setting = try await ListenSetting("form")
    let origins = [
      #"{"project": "orchard", "revision": "ba0d49136409ae56d053e5873d34a305eeb6f770"}"#,
      #"{"kind": "hg.mozilla.org", "project": "orchard", "revision": "ba0d49136409ae56d053e5873d34a305eeb6f770"}"#,
      #"{"kind": "hg.mozilla.org", "project": "orchard", "revision_hash": "ba0d49136409ae56d053e5873d34a305eeb6f770"}"#,
    ]
    var messages: [Message] = []
    for contentType in ["application/json", "text/plain", "application/x-unheard-of", nil] {
      for origin in origins {
        for isWrapped in [false, true] {
          let job = """
            {"taskId": "task-\(messages.count)", "buildSystem": "ci", "state": "pending", "jobKind": "build",
             "version": 1, "origin": \(origin), "display": {"jobName": "b", "jobSymbol": "B", "groupSymbol": "?"}}
            """
          let meta = #"{"exchange": "e", "routing_key": "k", "serializer": "json", "sent": "2026-01-01T00:00:00"}"#
          messages.append(
            Message(
              exchange: setting.exchange, routingKey: "treeherder.orchard",
              properties: .init(contentType: contentType),
              body: Array((isWrapped ? #"{"payload": \#(job), "_meta": \#(meta)}"# : job).utf8), isMandatory: true))
        }
      }
    }
    let connection = try await Connection.open(
      BrokerURL(PrivateBroker.shared().url), logger: Logger(label: "test"))
    let outcomes = await (try await connection.openChannel().confirmingPublisher()).publish(messages)
    #expect(outcomes.allSatisfy { if case .confirmed = $0 { true } else { false } })
    await connection.close()
    let listened = try await setting.listenUntilEmpty()
    #expect(listened.lastLine == "\(messages.count) stored, 0 waiting, 0 rejected, 0 duplicates")
  }

  @Test func aSchemaIsReadOnceHoweverManyDocumentsThereAre() async throws {
    let folder = try Repository.temporaryFolder()
    // Whoever opened it a second time would wait for ever.
    let schema = folder.appending(path: "schema.json")
    #expect(mkfifo(schema.path, 0o600) == 0)
    let documents = folder.appending(path: "documents.jsonl")
    try Data(String(repeating: "{\"a\": 1}\n", count: 5_000).utf8).write(to: documents)
    let validating = try Program.drover("validate", "--schema", schema.path, documents.path)
    let writing = Task.detached {
      let file = open(schema.path, O_WRONLY)
      defer { close(file) }
      let text = Array(#"{"type": "object", "required": ["a"]}"#.utf8)
      return write(file, text, text.count) == text.count
    }
    let result = try await validating.result()
    #expect(await writing.value)
    #expect(result.status == 0 && result.lastLine == "5000 documents, 5000 valid, 0 invalid")
  }
}
