import RabbitMQ
import Testing

@testable import Pulse

@Suite struct InspectorAddressTests {
  @Test(arguments: [
    ("http://localhost:15672", "http://localhost:15672"),
    ("http://localhost:15672/", "http://localhost:15672"),
    ("HTTPS://user:pa%2Fss@example.org/rabbit/", "https://example.org/rabbit"),
    ("http://[::1]:15672//", "http://[::1]:15672"),
  ])
  func theAddressIsKeptWithoutCredentialsAndLastSlash(_ text: String, _ base: String) throws {
    let address = try InspectorAddress(text, what: "URL")
    #expect(address.base.lowercased() == base)
  }

  @Test func credentialsAreDecoded() throws {
    let address = try InspectorAddress("http://m%40e:pa%2Fs%3As@example.org", what: "URL")
    #expect(address.credentials == Endpoint.Credentials(user: "m@e", password: "pa/s:s"))
    #expect(try InspectorAddress("http://me@example.org", what: "URL").credentials?.password == "")
    #expect(try InspectorAddress("http://example.org", what: "URL").credentials == nil)
  }

  @Test(arguments: [
    ("", "http://"),
    ("localhost:15672", "http://"),
    ("amqp://user:secret@localhost", "http://"),
    ("http://", "no host"),
    ("http://localhost:0", "port"),
    ("http://localhost:70000", "port"),
    ("http://user:secret@local host", "no URL"),
    ("http://user:secret?@localhost", "percent-encoded"),
    ("http://user:12?secret@localhost", "%3F"),
    ("http://user:12#secret@localhost", "%23"),
    ("http://user:12/secret@localhost", "%2F"),
    ("http://user:secret/@localhost", "URL"),
    ("http://us%3Aer:secret@localhost", "colon"),
    ("http://user:%ff@localhost", "percent-encoded"),
    ("http://:secret@localhost", "without a user"),
    ("http://localhost/?a=secret", "?"),
  ])
  func aWrongOneIsRefusedWithTheReasonAndNothingOfIt(_ text: String, _ words: String) {
    let error = #expect(throws: PulseError.self) { try InspectorAddress(text, what: "URL of it") }
    #expect(error?.code == .invalidConfiguration)
    #expect(error?.description.hasPrefix("URL of it: ") == true)
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("secret") == false)
  }

  @Test func theBrokersPasswordDoesNotLeaveEncryption() throws {
    let broker = try BrokerURL("amqps://user:password@example.org/")
    #expect(throws: PulseError.self) { try ManagementAPI("http://example.org:15672", broker: broker) }
    for text in ["https://example.org", "http://localhost:15672", "http://[::1]", "http://a:b@example.org"] {
      _ = try ManagementAPI(text, broker: broker)
    }
  }
}
