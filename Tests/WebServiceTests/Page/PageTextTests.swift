import Testing

@testable import WebService

/// Orders, times, addresses and bars of the page.
@Suite struct PageTextTests {
  @Test func symbolsAreOrderedAsPeopleCount() {
    let ordered = ["", "1", "02", "2", "10", "B", "bc", "bc1", "bc2", "bc10", "M", "m2", "M10", "wpt"]
    #expect(ordered.shuffled().sorted(by: NaturalOrder.isAscending) == ordered)
    for left in ordered {
      for right in ordered where left != right {
        #expect(NaturalOrder.isAscending(left, right) != NaturalOrder.isAscending(right, left), "\(left), \(right)")
      }
    }
    #expect(NaturalOrder.isAscending("M9", "M10") && NaturalOrder.isAscending("m2", "M10"))
    #expect(NaturalOrder.isAscending("99999999999999999998", "99999999999999999999"))
  }

  @Test(
    arguments: [
      (0, 0, "0 s"), (0, 400, "under 1 s"), (0, 59_999, "59 s"), (0, 60_000, "1 min"), (1000, 91_000, "1 min 30 s"),
      (0, 3_900_000, "1 h 05 min"), (0, 7_200_000, "2 h"), (0, 90_000_000, "1 d 1 h"), (0, 172_800_000, "2 d"),
      (1, 0, nil), (Int64.min, Int64.max, nil),
    ] as [(Int64, Int64, String?)])
  func durationsAreToldInTwoUnits(_ start: Int64, _ end: Int64, _ expected: String?) {
    #expect(PageTime.duration(from: start, to: end) == expected)
  }

  @Test func timesAreToldInUTC() {
    let time = PageTime(1_759_737_761_363)
    #expect(time.iso == "2025-10-06T08:02:41Z" && time.text == "2025-10-06 08:02:41")
    // Years of more than four digits are none.
    #expect(PageTime(.max).iso == "9999-12-31T23:59:59Z" && PageTime(.min).iso == "0000-01-01T00:00:00Z")
  }

  @Test func partsOfAddressesAreEncoded() {
    #expect(WebLink.project("try/a b?&\"'<é") == "/p/try%2Fa%20b%3F%26%22%27%3C%C3%A9")
    #expect(WebLink.query([("a", "1 2"), ("b", "&")]) == "?a=1%202&b=%26")
    #expect(WebLink.query([]) == "")
  }

  @Test func barsFillTheirWidthAndTellWhatThereIsOf() {
    var counts = [Int](repeating: 0, count: JobAppearance.allCases.count)
    #expect(ProgressBar(counts).drawing == nil && ProgressBar(counts).summary == "No jobs yet")
    counts[JobAppearance.success.rawValue] = 9990
    counts[JobAppearance.busted.rawValue] = 1
    counts[JobAppearance.running.rawValue] = 9
    let bar = ProgressBar(counts)
    #expect(bar.summary == "9991 of 10000 jobs completed: 1 busted, 9 running, 9990 success")
    #expect(bar.percent == 99)
    #expect(bar.drawing?.contains("<rect class=b x=0 width=6 ") == true)
    #expect(bar.drawing?.contains("<rect class=s x=12 width=988 ") == true)
  }

  @Test func everyTemplateIsUnderstood() throws {
    let templates = try PageTemplates()
    #expect(templates.render(HelpView(), "help").contains("test failed"))
    #expect(templates.render(HelpView(), "no such") == "")
  }

  @Test func textIsEscapedByteByByte() throws {
    struct View {
      let heading: String
      let text: String
    }
    let hostile = "\"\u{301} onload=x '\u{301}<\u{301}b>&\r\n\u{0}"
    let html = try PageTemplates().render(View(heading: hostile, text: ""), "problem")
    #expect(html.contains("&quot;\u{301} onload=x &#39;\u{301}&lt;\u{301}b&gt;&amp;\r\n\u{FFFD}</h1>"))
  }
}
