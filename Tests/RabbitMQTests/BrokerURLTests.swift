import Testing

@testable import RabbitMQ

@Suite struct BrokerURLTests {
  @Test func everyPartIsRead() throws {
    let url = try BrokerURL(
      "amqp://worker:p%40ss%2Fword@broker.example.org:5673/ci%2Fjobs?heartbeat=20&connection_timeout=2.5")
    #expect(
      url.endpoints == [
        Endpoint(
          host: "broker.example.org", port: 5673, credentials: .init(user: "worker", password: "p@ss/word"),
          virtualHost: "ci/jobs", heartbeat: 20, connectionTimeout: .milliseconds(2500))
      ])
  }

  @Test(arguments: ["amqp://h", "amqp://h/", "amqp://h//", "amqp://h/%2F", "amqp://h/%2f"])
  func anEmptyPathAndASlashAreTheVirtualHostSlash(_ text: String) throws {
    #expect(try BrokerURL(text).endpoints[0].virtualHost == "/")
  }

  @Test func whatIsLeftOutHasRabbitMQsDefaults() throws {
    #expect(try BrokerURL("amqp://").endpoints == [Endpoint(host: "localhost")])
    #expect(try BrokerURL("amqps://h").endpoints == [Endpoint(host: "h", port: 5671, tls: .init())])
  }

  @Test func theOlderFormOfPulseAsksForTLS() throws {
    let endpoint = try BrokerURL("amqp://u:p@pulse.example.org:5671/?ssl=1").endpoints[0]
    #expect(endpoint.tls == .init())
    #expect(endpoint.port == 5671)
  }

  @Test func severalURLsAreSeveralEndpoints() throws {
    let url = try BrokerURL("amqp://u:p@one, amqp://u:p@[::1]:5673/v")
    #expect(url.description == "one:5672, [::1]:5673")
    #expect(url.endpoints[1].virtualHost == "v")
  }

  @Test(arguments: [
    ("http://u:secret@h/", "scheme"),
    ("u:secret@h", "must begin with"),
    ("amqp://u:secret@h:0/", "port"),
    ("amqp://u:secret@h:port/", "port"),
    ("amqp://u:secret%zz@h/", "password"),
    ("amqp://u:secret%ff@h/", "password"),
    ("amqp://u:secret@::1/", "brackets"),
    ("amqp://u:secret@h/?heartbeat=soon", "heartbeat"),
    ("amqp://u:secret@h/?connection_timeout=0", "connection_timeout"),
    ("amqp://u:secret@h/?colour=red", "parameter"),
    ("amqp://u:secret@h/,", "must begin with"),
  ])
  func whatIsWrongIsNamedAndNoPasswordRepeated(_ text: String, _ part: String) {
    let error = #expect(throws: RabbitMQError.self) { try BrokerURL(text) }
    #expect(error?.code == .invalidURL)
    #expect(error?.description.contains(part) == true)
    #expect(error?.description.contains("secret") == false)
  }

  @Test func descriptionsHoldNoPassword() throws {
    let url = try BrokerURL("amqp://worker:secret@h/")
    #expect("\(url) \(url.endpoints[0]) \(url.endpoints[0].credentials)" == "h:5672 h:5672 worker")
  }

  @Test func theParametersOfTLSAreRead() throws {
    let text = """
      amqps://u:p@h/?cacertfile=/ca.pem&certfile=/c.pem&keyfile=/k%20y.pem&password=s%26cret&verify=verify_none\
      &server_name_indication=broker.example.org
      """
    #expect(
      try BrokerURL(text).endpoints[0].tls
        == TLSConfiguration(
          authorityFile: "/ca.pem", certificateFile: "/c.pem", keyFile: "/k y.pem", keyPassword: "s&cret",
          verification: .none, serverName: "broker.example.org"))
    #expect(try BrokerURL("amqp://h/?cacertfile=/ca.pem&ssl=1").endpoints[0].tls?.authorityFile == "/ca.pem")
  }

  @Test(arguments: ["amqp://h/?cacertfile=/ca.pem", "amqps://h/?verify=maybe", "amqps://h/?certfile="])
  func parametersOfTLSThatMakeNoSenseAreRefused(_ text: String) {
    let error = #expect(throws: RabbitMQError.self) { try BrokerURL(text) }
    #expect(error?.code == .invalidURL)
  }
}
