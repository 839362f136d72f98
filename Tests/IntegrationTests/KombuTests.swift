import Foundation
import Support
import Testing

/// Python's kombu, which Treeherder and most producers speak with, on the other side.
@Suite struct KombuTests {
  let sample = Repository.samples.appending(path: "nightly.json")

  @Test func whatTreeherdersOwnCommandPublishesIsIngested() async throws {
    let folder = try Repository.temporaryFolder()
    let user = PrivateBroker.user
    let queue = PrivateBroker.uniqueName("kombu")
    let config = folder.appending(path: "exchanges.json")
    try Data(
      #"[{"exchange": "exchange/\#(user)/jobs", "destinations": ["treeherder"], "projects": ["\#(queue)"]}]"#.utf8
    ).write(to: config)
    let environment = [
      "PULSE_URL": try await PrivateBroker.shared().url, "DROVER_CONFIG": config.path,
      "DROVER_STORE": "sqlite:\(folder.appending(path: "store.db").path)",
    ]
    _ = try await Program.runDrover("listen", "--queue", queue, "--until-empty", environment: environment)
    let script = """
      import json, sys, kombu
      url, key, path, user = sys.argv[1:]
      with kombu.Connection(url) as connection:
          exchange = kombu.Exchange('exchange/%s/jobs' % user, type='topic')
          producer = connection.Producer(exchange=exchange, routing_key=key)
          for job in json.load(open(path)):
              producer.publish(json.dumps(job), content_type='text/plain', delivery_mode='persistent')
      """
    let result = try await Program.runPython(
      script, try await PrivateBroker.shared().url, "treeherder.\(queue)", sample.path, user)
    #expect(result.status == 0, "\(result.errors)")
    let listened = try await Program.runDrover("listen", "--queue", queue, "--until-empty", environment: environment)
    #expect(listened.status == 0)
    #expect(listened.lastLine == "4 stored, 0 waiting, 0 rejected, 0 duplicates")
  }

  @Test(arguments: ["drover", "publish_to_pulse"])
  func whatIsPublishedIsReadByKombuAsPersistentJSONWithAnId(_ program: String) async throws {
    let broker = try await PrivateBroker.shared()
    let user = PrivateBroker.user
    let key = "treeherder.\(PrivateBroker.uniqueName("read"))"
    let exchange = program == "drover" ? "exchange/\(user)/v1/jobs" : "exchange/\(user)/jobs"
    let script = """
      import json, subprocess, sys, kombu
      url, exchange, key, path, *command = sys.argv[1:]
      with kombu.Connection(url) as connection:
          exchange = kombu.Exchange(exchange, type='topic', durable=True)
          queue = kombu.Queue('queue/drover/' + key, exchange=exchange, routing_key=key, auto_delete=True)
          queue(connection.default_channel).declare()
          subprocess.run(command, check=True)
          seen = []
          def receive(body, message):
              assert isinstance(body, dict), body
              assert message.content_type == 'application/json', message.content_type
              assert message.properties['delivery_mode'] == 2, message.properties
              assert len(message.properties['message_id']) > 16, message.properties
              seen.append((body['taskId'], message.properties['message_id']))
              message.ack()
          with connection.Consumer(queue, callbacks=[receive]):
              while len(seen) < 4:
                  connection.drain_events(timeout=20)
          expected = [job['taskId'] for job in json.load(open(path))]
          assert [task for task, _ in seen] == expected, seen
          assert len({identifier for _, identifier in seen}) == 4, seen
      """
    let path = Repository.programs.appending(path: program).path
    let command =
      program == "drover"
      ? [path, "publish", "--url", broker.url, "--routing-key", key, sample.path]
      : [path, key, broker.url, sample.path]
    let result = try await Program.runPython(script, [broker.url, exchange, key, sample.path] + command)
    #expect(result.status == 0, "\(result.errors)")
  }
}
