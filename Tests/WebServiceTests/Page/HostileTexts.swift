@testable import JobStore

/// What somebody might put into every text of a job to have it executed on the page.
enum HostileTexts {
  static let all = [
    #""><script>pwned=1</script>"#, "'\u{301} onfocus=pwned=1 autofocus x='\"\u{301} onfocus=pwned=1 autofocus x=\"",
    "</title></style></script><img src=x onerror=pwned=1>", "{{{main}}}{{#pushes}}{{/help}}{{=<% %>=}}",
    "javascript:pwned=1", "<svg/onload=pwned=1>", "--><!-- <!--><iframe srcdoc='<script>parent.pwned=1</script>'>",
    "\u{202E}\u{0}\u{1}\u{FFFF}<\u{301}b onclick=pwned=1>", "https://e.org/\" onmouseover=pwned=1 \"",
    "&quot;&lt;script&gt;&#60;script>pwned=1</script>", "<base href=//evil.example><form action=//evil.example>",
    String(repeating: "W", count: 300), "/../../?fragment=1#\"'", "a,b&c=d+e%00%ff?x;y",
    "\r\nSet-Cookie: pwned=1\r\n\r\n<b>",
  ]

  /// A job all of whose texts are the same one.
  static func job(_ number: Int, _ text: String, repository: String, revision: String) -> JobRecord {
    var job = JobRecord(
      repository: repository, revision: revision, guid: "\(number) \(text)", state: .completed,
      result: number % 3 == 0 ? text : "testfailed", name: text, symbol: text, groupSymbol: text, buildSystem: text,
      signature: text)
    job.groupName = text
    job.product = text
    job.reason = text
    job.who = text
    job.tier = 2
    job.machine = text
    job.machinePlatform = .init(os: text, platform: text, architecture: text)
    job.buildPlatform = .init(os: text, platform: text, architecture: text)
    job.options = [text]
    job.optionHash = text
    job.startTime = .min / 1000
    job.endTime = .max / 1000
    job.submitTime = 1
    job.details = ["text", "link", "raw_html", text].flatMap { type in
      [text, "https://e.org/" + text].map { .init(title: text + type, value: text, url: $0, contentType: type) }
    }
    job.artifacts = [.init(name: text, type: text, blob: text)]
    job.logs = [
      .init(
        name: text, url: text, parseStatus: .parsed,
        steps: [
          .init(
            name: text, result: text, started: .min, finished: .max, firstLine: -1, lastLine: .max,
            errors: [.init(line: text, lineNumber: .max), .init(line: "", lineNumber: nil)])
        ], areErrorsTruncated: true),
      .init(name: text, url: "https://e.org/" + text, parseStatus: .error),
    ]
    return job
  }
}
