import Foundation
import PulseJob
import Testing

@Suite struct TimestampTests {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", Int64(0)),
    ("2014-12-19T16:39:57-08:00", 1_419_035_997_000),
    ("2014-12-20T00:39:57.25Z", 1_419_035_997_250),
    ("2014-12-20T00:39:57.2509999Z", 1_419_035_997_250),
    ("2014-12-20 00:39:57", 1_419_035_997_000),
    ("2014-12-20t01:39:57+0100", 1_419_035_997_000),
    ("2014-12-20T01:39:57+01", 1_419_035_997_000),
    ("2014-12-20T00:39Z", 1_419_035_940_000),
    ("2016-12-31T23:59:60Z", 1_483_228_800_000),
    ("2000-02-29T00:00:00Z", 951_782_400_000),
    ("0000-01-01T00:00:00Z", -62_167_219_200_000),
    ("9999-12-31T23:59:59Z", 253_402_300_799_000),
  ])
  func aMomentIsReadInEveryFormThatProducersUse(_ text: String, _ milliseconds: Int64) throws {
    #expect(try #require(Timestamp(text)).millisecondsSince1970 == milliseconds)
  }

  @Test(arguments: [
    "", "yesterday", "2014-12-19", "2014-12-19T", "2014-13-01T00:00:00Z", "2014-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z", "2014-04-31T00:00:00Z", "2014-12-19T24:00:00Z", "2014-12-19T00:60:00Z",
    "2014-12-19T00:00:61Z", "2014-12-19T00:00:00.Z", "2014-12-19T00:00:00+1", "2014-12-19T00:00:00Z ",
    "2014-12-19T00:00:00Zulu", "٢٠١٤-12-19T00:00:00Z", "10000-01-01T00:00:00Z", "1419035997",
  ])
  func whatIsNoMomentIsNone(_ text: String) {
    #expect(Timestamp(text) == nil)
  }

  @Test func everyDayOfFourCenturiesAgreesWithFoundation() throws {
    let formatter = Date.ISO8601FormatStyle()
    for day in stride(from: -150_000, to: 60_000, by: 1) {
      let date = Date(timeIntervalSince1970: Double(day) * 86_400 + 3_723)
      // Before October 1582 Foundation's calendar is the Julian one.
      guard date.timeIntervalSince1970 > -12_219_292_800 else { continue }
      let text = date.formatted(formatter)
      #expect(Timestamp(text)?.millisecondsSince1970 == (Int64(day) * 86_400 + 3_723) * 1_000, "\(text)")
    }
  }
}
