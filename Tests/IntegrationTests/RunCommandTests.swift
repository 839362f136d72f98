import Foundation
import JobStore
import RabbitMQ
import Support
import Testing

/// `drover run`: a listener and a server in one process.
@Suite struct RunCommandTests {
  @Test func whatIsHeardIsServed() async throws {
    let setting = try await ListenSetting("run")
    let program = try Program.drover(
      "run", "--queue", setting.name, "--address", "127.0.0.1:0", environment: setting.environment)
    let url = try await RunningServer.address(of: program)
    try await eventually("the listener's connection") {
      try await WebClient.send("GET", "\(url)/health/ready").status == 200
    }
    #expect(
      try await WebClient.send("GET", "\(url)/health/ready").body
        == #"{"status":"ok","checks":{"store":"ok","broker":"ok"}}"#)
    let publishing = try await Program.runDrover(
      "publish", "--exchange", setting.exchange, "--destination", "treeherder",
      Repository.samples.appending(path: "orchard.jsonl").path,
      environment: setting.environment)
    #expect(publishing.lastLine.hasSuffix("published, 0 invalid, 0 returned, 0 refused"), "\(publishing.errors)")
    try await eventually("the jobs") {
      try await WebClient.send("GET", "\(url)/api/project/orchard/jobs/").body.contains("job_guid")
    }
    let metrics = try await WebClient.send("GET", "\(url)/metrics").body
    for name in [
      "drover_jobs_total{outcome=\"stored\"} ", "drover_amqp_delivered_total{", "drover_store_batch_seconds_sum",
    ] {
      #expect(metrics.contains(name), "\(metrics)")
    }
    program.send(SIGTERM)
    let result = try await program.result()
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.lastLine.contains("stored, ") && !result.lastLine.hasPrefix("0 stored"), "\(result.errors)")
  }

  @Test func aCertificateWithoutAKeyIsWrongUsage() async throws {
    let result = try await Program.runDrover("serve", "--certificate", "server.pem")
    #expect(result.status == 2 && result.errors.contains("--key"), "\(result.errors)")
  }
}
