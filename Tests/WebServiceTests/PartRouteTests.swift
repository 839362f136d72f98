import Support
import Testing

@testable import JobStore
@testable import WebService

/// Artifacts, logs, details and reference lists, on both databases.
@Suite struct PartRouteTests {
  private static func fill(_ service: TestService) async throws {
    func job(_ guid: String) -> JobRecord {
      var job = JobRecord(
        repository: "orchard", revision: TestService.revision, guid: guid, state: .completed, result: "success",
        name: "n", symbol: "S", groupSymbol: "G", buildSystem: "ci", signature: "s")
      job.logs = [LogRecord(name: "live", url: "http://\(guid)/1"), LogRecord(name: "more", url: "http://\(guid)/2")]
      job.details = [
        DetailRecord(title: "t", value: "v\u{1}\"\\\n\u{1F600}", url: nil),
        DetailRecord(title: "u", value: "w", url: "http://w"),
      ]
      job.artifacts = [
        ArtifactRecord(name: "Job Info", type: "json", blob: #"{"job_details": [1, null]}"#),
        ArtifactRecord(name: "broken", type: "json", blob: "{no json"),
        ArtifactRecord(name: "plain", type: "text", blob: #"{"a": 1}"#),
      ]
      job.machine = "m"
      job.product = "p"
      job.buildPlatform = .init(os: "linux", platform: "linux64", architecture: "x86_64")
      job.options = ["opt", "e10s"]
      job.optionHash = "hash"
      return job
    }
    _ = try await service.store.load(
      ["a", "b"].map {
        IncomingItem(origin: .init(exchange: "e", routingKey: "k", receivedTime: 0), content: .job(job($0)))
      },
      policy: LoadPolicy())
  }

  @Test(arguments: Backend.allCases)
  func artifactsAreFoundByJobNameTypeAndNumber(_ backend: Backend) async throws {
    try await TestService.run(backend) { service in
      try await Self.fill(service)
      let (id, job) = (try await service.id("artifact where name = 'Job Info'"), try await service.id("job"))
      let wanted = try TestService.canonical(
        """
        {"id": \(id), "job_id": \(job), "job_guid": "a", "name": "Job Info", "type": "json",
         "blob": {"job_details": [1, null]}, "resource_uri": "/api/project/orchard/artifact/\(id)/"}
        """)
      #expect(try await service.get("/api/project/orchard/artifact/\(id)/").canonical() == wanted)
      #expect(try await service.get("/api/project/orchard/artifact/999/").status == 404)
      func names(_ query: String) async throws -> String {
        try await service.get("/api/project/orchard/artifact/?\(query)").all("name", in: nil).replacing("\"", with: "")
      }
      for (query, wanted) in [
        ("", "Job Info,broken,plain,Job Info,broken,plain"), ("count=1", "Job Info"),
        ("job_guid=b&name=plain", "plain"),
        ("job_id=\(job)", "Job Info,broken,plain"), ("type=text", "plain,plain"), ("id=\(id)", "Job Info"),
        ("job_guid__in=a,b&type__in=text,other", "plain,plain"), ("name__in=broken&job_id__in=\(job)", "broken"),
        ("job_id=\(job)&job_guid=b", ""),
      ] {
        #expect(try await names(query) == wanted, "\(query)")
      }
      let blobs = try await service.get("/api/project/orchard/artifact/?job_guid=a")
      #expect(try blobs.value("1", "blob") == #""{no json""#)
      #expect(try blobs.value("2", "blob") == #""{\"a\": 1}""#)
      let one = try await service.get("/api/project/orchard/jobs/\(job)/")
      #expect(
        try one.value("artifacts", "0")
          == "{\"id\":\(id),\"name\":\"Job Info\",\"resource_uri\":\"/api/project/orchard/artifact/\(id)/\",\"type\":\"json\"}"
      )
    }
  }

  @Test(arguments: Backend.allCases)
  func logsAreFoundByJobs(_ backend: Backend) async throws {
    try await TestService.run(backend) { service in
      try await Self.fill(service)
      let (first, second) = (try await service.id("job"), try await service.id("job where guid = 'b'"))
      let answer = try await service.get("/api/project/orchard/job-log-url/?job_id=\(first)&job_id=\(second)")
      #expect(
        try answer.all("url", in: nil) == #""http://a/1","http://a/2","http://b/1","http://b/2""#)
      let log = try await service.id("job_log where job_id = \(second)")
      let one = try await service.get("/api/project/orchard/job-log-url/?job__guid=b")
      #expect(
        try one.value("0")
          == #"{"awaits":"text_log_summary","id":\#(log),"job_id":\#(second),"name":"live","parse_status":"pending","#
          + #""url":"http://b/1"}"#)
      try await service.store.engine.write { try $0.execute("update job_log set awaits = 2 where id = \(log)") }
      #expect(
        try await service.get("/api/project/orchard/job-log-url/?job__guid=b").value("0", "awaits")
          == #""Bug suggestions""#)
      try await service.store.engine.write { try $0.execute("update job_log set awaits = 1 where id = \(log)") }
    }
  }

  @Test(arguments: Backend.allCases)
  func detailsAreFoundByGuidOrByNumberWithARepository(_ backend: Backend) async throws {
    try await TestService.run(backend) { service in
      try await Self.fill(service)
      let job = try await service.id("job")
      for query in ["job_guid=a", "job__guid=a", "job_id=\(job)&repository=orchard", "job_guid__in=a"] {
        let answer = try await service.get("/api/jobdetail/?\(query)")
        let wanted = try TestService.canonical(
          """
          [{"job_guid": "a", "job_id": \(job), "title": "t", "value": "v\\u0001\\"\\\\\\n\u{1F600}", "url": null},
           {"job_guid": "a", "job_id": \(job), "title": "u", "value": "w", "url": "http://w"}]
          """)
        #expect(try answer.value("results") == wanted, "\(query)")
      }
      #expect(try await service.get("/api/jobdetail/?job_guid=a&title=u").count() == 1)
      #expect(try await service.get("/api/jobdetail/?job_guid=none").count() == 0)
      #expect(try await service.get("/api/jobdetail/?job_id__in=\(job),\(job + 1)&repository=orchard").count() == 4)
      for query in ["", "title=t", "job_id=\(job)", "job_guid__ne=a"] {
        #expect(try await service.get("/api/jobdetail/?\(query)").status == 400, "\(query)")
      }
      #expect(try await service.get("/api/jobdetail/?job_id=1&repository=none").status == 404)
    }
  }

  @Test(arguments: Backend.allCases)
  func referencesAreListed(_ backend: Backend) async throws {
    try await TestService.run(backend) { service in
      try await Self.fill(service)
      for (name, wanted) in [
        ("product", #"[{"id":1,"name":"p"}]"#), ("machine", #"[{"id":1,"name":"m"}]"#),
        ("machineplatform", #"[{"architecture":"x86_64","id":1,"os_name":"linux","platform":"linux64"}]"#),
        ("buildplatform", #"[{"architecture":"x86_64","id":1,"os_name":"linux","platform":"linux64"}]"#),
        ("jobgroup", #"[{"description":"","id":1,"name":null,"symbol":"G"}]"#),
        ("jobtype", #"[{"description":"","id":1,"name":"n","symbol":"S"}]"#),
        ("optioncollectionhash", #"[{"option_collection_hash":"hash","options":[{"name":"e10s"},{"name":"opt"}]}]"#),
      ] {
        #expect(try await service.get("/api/\(name)/").canonical() == wanted, "\(name)")
      }
      let repositories = try await service.get("/api/repository/")
      #expect(try repositories.value("0", "name") == #""orchard""#)
      #expect(try repositories.value("0", "active_status") == #""active""#)
      #expect(try await service.get("/api/failureclassification/").value("0", "name") == #""not classified""#)
    }
  }
}
