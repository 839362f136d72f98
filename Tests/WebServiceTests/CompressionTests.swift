import Foundation
import Support
import Testing

@testable import WebService

@Suite struct CompressionTests {
  @Test(arguments: [
    (["gzip"], true), (["deflate, gzip;q=0.5"], true), (["br", "GZIP"], true), (["*"], true), (["x-gzip"], true),
    ([], false), ([""], false), (["identity"], false), (["gzip;q=0"], false), (["gzip; q=0.000, *"], false),
    (["*;q=0"], false), (["br, deflate"], false), (["gzip;q=much"], false), ([",;,"], false),
  ])
  func whoTakesGzipIsRead(_ values: [String], _ allows: Bool) {
    #expect(AcceptedEncoding.allowsGzip(values) == allows)
  }

  @Test func whatIsLongIsCompressedForThoseWhoTakeIt() async throws {
    try await TestService.run(.sqlite) { service in
      try await service.ingest((0..<400).map { TestService.message("task-\($0)") })
      let path = "/api/project/orchard/jobs/?count=400"
      let plain = try await service.get(path)
      #expect(plain.headers["content-encoding"] == nil && plain.headers["vary"] == "Accept-Encoding")
      let answer = try await WebClient.send("GET", "http://\(service.address)\(path)", ["Accept-Encoding": "gzip"])
      #expect(answer.status == 200 && answer.field("Content-Encoding") == "gzip")
      #expect(answer.field("Vary") == "Accept-Encoding")
      #expect(answer.bytes.count < plain.body.utf8.count / 8, "\(answer.bytes.count) of \(plain.body.utf8.count)")
      // Python's own gzip is the judge of it.
      let file = try Repository.temporaryFolder().appending(path: "answer.gz")
      try Data(answer.bytes).write(to: file)
      let python = try await Program.runPython(
        "import gzip, sys; sys.stdout.write(gzip.open(sys.argv[1], 'rt').read())", [file.path], in: "DROVER_PYTHON")
      #expect(python.output == plain.body, "\(python.errors)")
    }
  }

  @Test func aCompressedAnswerCanBeValidated() async throws {
    try await TestService.run(.sqlite) { service in
      try await service.ingest((0..<20).map { TestService.message("task-\($0)") })
      let (path, encoding) = ("/api/project/orchard/jobs/?count=20", ["Accept-Encoding": "gzip"])
      let first = try await service.get(path, encoding)
      let tag = try #require(first.headers["etag"])
      #expect(tag.hasPrefix("W/\""))
      let second = try await service.get(path, encoding.merging(["If-None-Match": tag]) { _, new in new })
      #expect(second.status == 304 && second.headers["content-encoding"] == nil)
      let head = try await service.get(path, encoding, method: "HEAD")
      #expect(head.status == 200 && head.headers["content-encoding"] == "gzip" && head.body.isEmpty)
    }
  }

  @Test func whatIsShortIsSentAsItIs() async throws {
    try await TestService.run(.sqlite) { service in
      let answer = try await service.get("/health/live", ["Accept-Encoding": "gzip"])
      #expect(answer.headers["content-encoding"] == nil && answer.body == #"{"status":"ok"}"#)
    }
  }
}
