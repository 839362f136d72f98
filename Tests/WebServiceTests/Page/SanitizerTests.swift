import Testing

@testable import WebService

/// HTML of strangers that is put into pages.
@Suite struct SanitizerTests {
  private static let link = #" target="_blank" rel="noopener noreferrer""#

  @Test(arguments: [
    ("plain", "plain"), ("a <b>bold</b> word", "a <b>bold</b> word"), ("1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2"),
    ("&lt;script&gt; &amp; &copy; &#60; &#x3C;", "&lt;script&gt; &amp; &copy; &#60; &#x3C;"),
    ("&", "&amp;"), ("&x", "&amp;x"), ("&;", "&amp;;"), ("&#;", "&amp;#;"), ("&#60b", "&#60;b"), ("<", "&lt;"),
    ("a<", "a&lt;"), ("</", "&lt;/"), ("<3", "&lt;3"), ("", ""),
    ("<ul><li>one<li>two</ul>", "<ul><li>one<li>two</li></li></ul>"),
    ("<table><tr><td colspan=2>x</td></tr></table>", #"<table><tr><td colspan="2">x</td></tr></table>"#),
    ("<td rowspan=99999 colspan=x>", "<td></td>"), ("<br/>a<hr>", "<br>a<hr>"),
    ("<P TITLE=\"a'b\">x</P>", #"<p title="a&#39;b">x</p>"#), ("<h3 id=main class=top name=x>t</h3>", "<h3>t</h3>"),
    ("grüße <i>日本</i>", "grüße <i>日本</i>"),
  ])
  func whatIsHarmlessStays(_ html: String, _ expected: String) {
    #expect(HTMLSanitizer.sanitized(html) == expected)
  }

  @Test(arguments: [
    ("<script>alert(1)</script>after", "after"), ("<SCRIPT src=//evil>x</SCRIPT >after", "after"),
    ("<script>alert(1)", ""), ("<script><script>1</script>after</script>", "after"),
    ("<scr<script>ipt>x</script>", "ipt&gt;x"), ("<style>*{background:url(//evil)}</style>x", "x"),
    ("<iframe src=javascript:alert(1)>in</iframe>x", "x"), ("<iframe srcdoc='<script>1</script>'></iframe>x", "x"),
    ("<svg onload=alert(1)><circle/></svg>x", "x"), ("<svg/onload=alert(1)>x", ""), ("<svg/>x", "x"),
    ("<math><mi xlink:href='javascript:1'>x</math>y", "y"), ("<object data=//evil><p>x</object>y", "y"),
    ("<embed src=//evil>y", "y"), ("<img src=x onerror=alert(1)>", ""), ("<img alt='a <b>' src=//evil>", "a &lt;b&gt;"),
    ("<body onload=alert(1)>x", "x"), ("<b onclick=alert(1) onmouseover='1' style='x'>t</b>", "<b>t</b>"),
    ("<form action=//evil><input name=q><button>go</button></form>", "go"), ("<base href=//evil>x", "x"),
    ("<link rel=stylesheet href=//evil>x", "x"), ("<meta http-equiv=refresh content='0;url=//evil'>x", "x"),
    ("<template><script>1</script></template>x", "x"),
    ("<noscript><p title='</noscript><img src=x onerror=1>'>", "&#39;&gt;"),
    ("<textarea><script>alert(1)</script></textarea>x", "x"), ("<title><b></title>x", "x"),
    ("<xmp><b></xmp>x", "x"), ("<plaintext>all of it", ""), ("<!-- <script>alert(1)</script> -->x", "x"),
    ("<!--><script>alert(1)</script>-->x", "--&gt;x"), ("<!-- --!><b>x", "<b>x</b>"), ("<!-- never ends", ""),
    ("<!doctype html>x", "x"), ("<?xml version='1'?>x", "x"), ("<![CDATA[<b>]]>x", "]]&gt;x"), ("</ b>x", "x"),
    ("<b/onclick=alert(1)>x</b>", "<b>x</b>"), ("<b\u{0}onclick=1>x", "x"),
    ("<custom-element is=x>t</custom-element>", "t"),
    ("<a href='x' href='https://e.org'>t</a>", "<a>t</a>"),
    // Quotes and tags that never end.
    (#"<b title="x>y"#, ""), (#"<b title="x" y='z>w</b>"#, ""), ("<b <i>x</i>", "<b>x</b>"), ("x<b", "x"),
    (#"<b title=">" onclick=1>x</b>"#, #"<b title="&gt;">x</b>"#),
    (#"<b title='"><script>1</script>'>x"#, #"<b title="&quot;&gt;&lt;script&gt;1&lt;/script&gt;">x</b>"#),
    // A quotation mark that an accent follows is one all the same.
    ("<b title='\"\u{301} onclick=1 x=\"'>t</b>", "<b title=\"&quot;\u{301} onclick=1 x=&quot;\">t</b>"),
    ("<\u{301}b>", "&lt;\u{301}b&gt;"), ("a\u{0}b", "a\u{FFFD}b"),
    // What would end elements around it.
    ("</section></article></main></body>x", "x"), ("</b></p>x", "x"), ("<b><i>x</b>y</i>", "<b><i>x</i></b>y"),
    ("<div>".repeated(40) + "x", "<div>".repeated(32) + "x" + "</div>".repeated(32)),
  ])
  func whatIsNotKnownToBeHarmlessGoes(_ html: String, _ expected: String) {
    #expect(HTMLSanitizer.sanitized(html) == expected)
  }

  @Test(arguments: [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)",
    "java&#9;script:alert(1)",
    "java&NewLine;script:alert(1)", "&#106;avascript:alert(1)", "&#x6A&#x61vascript:alert(1)",
    "javascript&colon;alert(1)",
    "data:text/html,<script>1</script>", "vbscript:x", "file:///etc/passwd", "//evil.example", "/p/orchard", "page",
    "#x",
    "mailto:a@b", "http:", "https://", "http:evil", "https://a b", "https://a\nb", "https:\\\\evil", "ftp://x", "",
    "\u{1}https://e.org", "https&colon;javascript",
  ])
  func linksLeadToOtherServersOnly(_ address: String) {
    let quoted = address.replacing("\"", with: "&quot;")
    #expect(HTMLSanitizer.sanitized("<a href=\"\(quoted)\">t</a>") == "<a>t</a>")
  }

  @Test func linksOpenInAWindowThatKnowsNothingOfThePage() {
    for (address, written) in [
      ("https://e.org/?a=1&b=2", "https://e.org/?a=1&amp;b=2"), ("HTTP://e.org", "HTTP://e.org"),
      ("https&colon;&sol;&sol;e.org/&quot;x", "https://e.org/&quot;x"),
    ] {
      #expect(
        HTMLSanitizer.sanitized("<a target=_self rel=opener href=\"\(address)\" onclick=x>t</a>")
          == "<a href=\"\(written)\"\(Self.link)>t</a>")
    }
    #expect(
      HTMLSanitizer.sanitized("<a href=https://a.b>x<a href=https://c.d>y</a>z")
        == "<a href=\"https://a.b\"\(Self.link)>xy</a>z")
  }

  @Test func whatWasTakenAwayOnceHasNothingMoreToTakeAway() {
    var random = SystemRandomNumberGenerator()
    let pieces = [
      "<", ">", "\"", "'", "=", "/", "<b", "<script", "</script>", "<a href=", "javascript:", "https://e.org", " ",
      "onload",
      "<!--", "-->", "&#60;", "&lt;", "&", "<svg>", "<td>", "x", "\u{0}", "\u{301}", "<p title=", "</p>", "<img alt=",
    ]
    for _ in 0..<3000 {
      let html = (0..<Int.random(in: 1...24, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
        .joined()
      let once = HTMLSanitizer.sanitized(html)
      #expect(HTMLSanitizer.sanitized(once) == once, "\(html.debugDescription)")
      #expect(!once.lowercased().contains("<script") && !once.lowercased().contains("<svg"), "\(html.debugDescription)")
    }
  }
}

extension String {
  fileprivate func repeated(_ count: Int) -> String { String(repeating: self, count: count) }
}
