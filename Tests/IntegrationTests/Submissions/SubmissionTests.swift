import Foundation
import JobStore
import Support
import Testing

/// What is submitted to `drover serve`.
@Suite struct SubmissionTests {
  static let jobs = #"[{"project": "orchard", "revision": "abc", "job": {"job_guid": "g", "state": "running"}}]"#
  static let resultSets = """
    [{"revision": "abc", "author": "ann", "revisions": [{"revision": "abc", "repository": "orchard"}]}]
    """
  static let artifacts = #"[{"type": "text", "name": "n", "blob": "b", "job_guid": "g"}]"#

  // MARK: Treeherder's own client

  @Test(arguments: CommandStore.Kind.allCases)
  func treeherdersOwnClientSubmitsAllThreeCollections(_ kind: CommandStore.Kind) async throws {
    let server = try await RunningServer(kind)
    let script = """
      import sys, thclient
      url, client, secret = sys.argv[1:]
      treeherder = thclient.TreeherderClient(server_url=url, client_id=client, secret=secret)
      revision = 'e6cd0b4484e7d41cf0cafd9ddb8ca2fdc1d0f2ee'
      pushes = thclient.TreeherderResultSetCollection()
      push = pushes.get_resultset()
      push.add_push_timestamp(1365732271)
      push.add_revision(revision)
      push.add_author('ann@example.org')
      push.add_type('hg')
      for name in ('ba0d49136409', 'e6cd0b4484e7'):
          changeset = push.get_revision()
          changeset.add_revision(name)
          changeset.add_author('ann')
          changeset.add_comment(u'Bug 1 – na\\u00efve')
          changeset.add_repository('orchard')
          push.add_revisions([changeset])
      pushes.add(push)
      jobs = thclient.TreeherderJobCollection()
      for number, state in enumerate(('pending', 'completed')):
          job = jobs.get_job()
          job.add_revision(revision)
          job.add_project('orchard')
          job.add_job_guid('job-%d' % number)
          job.add_job_name('mochitest')
          job.add_job_symbol('M')
          job.add_state(state)
          job.add_result('testfailed' if state == 'completed' else 'unknown')
          job.add_submit_timestamp(1365732271)
          job.add_build_info('linux', 'linux64', 'x86_64')
          job.add_option_collection({'opt': True})
          job.add_log_reference('buildbot_text', 'http://log/%d' % number, 'pending' if number else 'parsed')
          job.add_artifact('Job Info', 'json', {'job_details': [{'title': 't', 'value': 'v'}]})
          jobs.add(job)
      artifacts = thclient.TreeherderArtifactCollection()
      artifact = artifacts.get_artifact()
      artifact.add_blob({'logname': 'buildbot_text', 'step_data': {'steps': [{'name': 's', 'result': 'success'}]}})
      artifact.add_type('json')
      artifact.add_name('text_log_summary')
      artifact.add_job_guid('job-1')
      artifacts.add(artifact)
      for collection in (pushes, jobs, artifacts):
          collection.validate()
          print(treeherder.post_collection('orchard', collection).text)
      """
    let result = try await Program.runPython(script, server.url, RunningServer.client, server.secret)
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      result.output == """
        {"message":"well-formed JSON stored","resultsets":[1]}
        {"message":"Job successfully updated"}
        {"message":"Artifacts stored successfully"}

        """)
    try await server.stop()
    try await server.store.open { store in
      let counts = try await store.counts()
      #expect(counts.pushes == 1 && counts.jobs == 2 && counts.logs == 2 && counts.steps == 1)
      #expect(counts.artifacts == 3 && counts.details == 2)
      #expect(counts.awaitedSummaries == 0 && counts.awaitedSuggestions == 1)
      let jobs = try await store.pushSummaries().flatMap(\.counts).map { "\($0.jobs) \($0.state) \($0.result)" }
      #expect(jobs == ["1 pending unknown", "1 completed testfailed"])
      #expect(try await store.check() == [])
    }
  }

  // MARK: Signatures

  @Test(arguments: CommandStore.Kind.allCases)
  func bothKindsOfSignaturesAreAccepted(_ kind: CommandStore.Kind) async throws {
    let server = try await RunningServer(kind)
    #expect(try await server.post("resultset", Self.resultSets, .oauth()).status == 200)
    let answer = try await server.post("jobs", Self.jobs)
    #expect(answer.status == 200 && answer.body == #"{"message":"Job successfully updated"}"#)
    #expect(answer.field("Server-Authorization")?.hasPrefix("Hawk mac=") == true)
    #expect(try await server.post("artifact", Self.artifacts, .oauth()).status == 200)
    try await server.stop()
    let counts = try await server.store.open { try await $0.counts() }
    #expect(counts.pushes == 1 && counts.jobs == 1 && counts.artifacts == 1)
  }

  @Test(arguments: CommandStore.Kind.allCases)
  func whatIsRefusedLeavesNothing(_ kind: CommandStore.Kind) async throws {
    let server = try await RunningServer(kind, "--maximum-body", "1")
    try await server.store.open { store in
      _ = try await store.addRepositories(["pasture", "asleep"])
      _ = try await store.setRepositories(["asleep"], isActive: false)
    }
    func refuse(
      _ status: Int, _ reason: String, _ answer: WebClient.Answer,
      at location: SourceLocation = #_sourceLocation
    ) async throws {
      #expect(answer.status == status, "\(answer.body)", sourceLocation: location)
      #expect(answer.body.contains(reason), "\(answer.body)", sourceLocation: location)
    }
    let body = Self.jobs
    try await refuse(401, "is not signed", server.post("jobs", body, .none))
    try await refuse(401, "no client", server.post("jobs", body, .hawk(id: "nobody")))
    try await refuse(401, "another secret", server.post("jobs", body, .hawk(secret: "x")))
    try await refuse(401, "the body", server.post("jobs", body, sent: body + " "))
    try await refuse(401, "another secret", server.post("jobs", body, .oauth(secret: "x")))
    try await refuse(401, "the body", server.post("jobs", body, sent: body + " ", .oauth()))
    let stale = try await server.post("jobs", body, .hawk(age: 3_600))
    try await refuse(401, "seconds behind", stale)
    #expect(stale.field("WWW-Authenticate")?.contains("tsm=") == true)
    try await refuse(403, "may not submit", server.post("jobs", project: "pasture", body))
    try await refuse(403, "may not submit", server.post("jobs", body, .oauth(user: "pasture")))
    try await refuse(403, "may not submit", server.post("jobs", project: "asleep", body))
    try await refuse(404, "unknown", server.post("jobs", project: "unknown", body))
    try await refuse(401, "is not signed", server.post("jobs", project: "unknown", body, .none))
    try await refuse(406, "version", server.post("jobs", body, accept: "application/json; version=7"))
    try await refuse(413, "1048576", server.post("jobs", String(repeating: " ", count: 1 << 20) + body))
    try await refuse(400, "not JSON", server.post("jobs", "[{"))
    try await refuse(400, "a list is asked", server.post("resultset", "{}"))
    try await refuse(400, "[1]", server.post("jobs", String(body.dropLast()) + ", {}]"))
    try await refuse(400, "[0].job_guid: orchard has no such job", server.post("artifact", Self.artifacts))
    try await server.store.open { store in
      let counts = try await store.counts()
      #expect(counts.jobs == 0 && counts.pushes == 0 && counts.waiting == 0 && counts.rejected == 0)
      #expect(counts.repositories == 3)
    }
    let nonce = "once"
    #expect(try await server.post("jobs", body, .hawk(nonce: nonce)).status == 200)
    _ = try await server.store.drover("credentials", "revoke", RunningServer.client)
    try await refuse(401, "no client", server.post("artifact", Self.artifacts))
    try await server.stop()
    #expect(try await server.store.open { try await $0.counts().artifacts } == 0)
  }

  /// The answer to a request that came before is a refusal, whichever server it comes to.
  @Test func aRequestIsTakenOnce() async throws {
    let server = try await RunningServer(.sqlite)
    let script = """
      import sys, requests
      from requests_hawk import HawkAuth
      url, client, secret, body = sys.argv[1:]
      request = requests.Request('POST', url + '/api/project/orchard/jobs/', data=body,
          headers={'Content-Type': 'application/json'}, auth=HawkAuth(id=client, key=secret)).prepare()
      session = requests.Session()
      print([session.send(request).status_code for _ in range(3)])
      """
    let result = try await Program.runPython(script, server.url, RunningServer.client, server.secret, Self.jobs)
    #expect(result.output == "[200, 401, 401]\n", "\(result.errors)")
    try await server.stop()
  }

  @Test func aClientThatComesTooOftenIsToldWhenToComeAgain() async throws {
    let server = try await RunningServer(.sqlite, "--rate-limit", "2")
    for _ in 1...2 { #expect(try await server.post("jobs", Self.jobs).status == 200) }
    let answer = try await server.post("jobs", Self.jobs.replacing("\"g\"", with: "\"h\""))
    #expect(answer.status == 429)
    #expect(answer.field("Retry-After").flatMap { Int($0) }.map { (1...30).contains($0) } == true)
    #expect(try await server.post("jobs", Self.jobs, .hawk(secret: "x")).status == 401)
    try await server.stop()
    #expect(try await server.store.open { try await $0.counts().jobs } == 1)
  }

  @Test(arguments: CommandStore.Kind.allCases)
  func anotherProjectsJobsAreNotChanged(_ kind: CommandStore.Kind) async throws {
    let server = try await RunningServer(kind)
    try await server.store.open { store in
      let record = JobRecord(
        repository: "pasture", revision: "abc", guid: "g", state: .pending, result: "unknown", name: "n", symbol: "B",
        groupSymbol: "?", buildSystem: "ci", signature: "s")
      let origin = IncomingItem.Origin(exchange: "e", routingKey: "k", receivedTime: 0)
      _ = try await store.load([.init(origin: origin, content: .job(record))], policy: LoadPolicy())
    }
    #expect(try await server.post("jobs", Self.jobs).status == 403)
    #expect(try await server.post("artifact", Self.artifacts).status == 400)
    try await server.stop()
    let summaries = try await server.store.open { try await $0.pushSummaries() }
    #expect(summaries.map(\.repository) == ["pasture"])
    #expect(summaries.first?.counts.first?.state == .pending)
  }
}
