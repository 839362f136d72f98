import Foundation
import Testing

@testable import Commands

@Suite struct AgeTests {
  @Test func hoursDaysAndWeeksAreRead() {
    #expect(["36h", "120d", "17w", "1h"].map { Age(argument: $0)?.hours } == [36, 2_880, 2_856, 1])
    #expect(Age(argument: "2h")?.before(Date(timeIntervalSince1970: 7_201)) == 1_000)
  }

  @Test(arguments: [
    "", "d", "120", "0d", "-1d", "+1d", "1.5d", "1m", "120 d", "d120", "1D", "١d", "100001w", "99999999999999999999d",
  ])
  func nothingElseIsAnAge(_ text: String) {
    #expect(Age(argument: text) == nil)
  }
}
