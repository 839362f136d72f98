import Testing

@testable import RabbitMQ

@Suite struct PeerNameTests {
  @Test(arguments: ["127.0.0.1", "::1", "2001:db8::7", "::ffff:10.0.0.1"])
  func addressesAreToldFromNames(_ text: String) {
    #expect(PeerName(text) == .address(text))
  }

  @Test func theZoneOfAnAddressIsLeftOut() {
    #expect(PeerName("fe80::1%eth0") == .address("fe80::1"))
  }

  @Test(arguments: ["localhost", "broker.example", "127.0.0.1.example", "127.1", "1.2.3.4.5", "a%b", ""])
  func whatIsNoAddressIsAName(_ text: String) {
    #expect(PeerName(text) == .host(text))
  }

  @Test func theDotAtACompleteNamesEndIsLeftOut() {
    #expect(PeerName("broker.example.") == .host("broker.example"))
  }
}
