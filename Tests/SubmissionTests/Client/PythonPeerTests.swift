import Foundation
import Support
import Testing

@testable import Submission

/// A real server and a real client in Python, with nothing of ours in them.
@Suite struct PythonPeerTests {
  /// Python's own HTTP server with `mohawk` checking requests and signing answers.
  private static let server = """
    import http.server, json, mohawk
    seen = set()
    def known(id):
        if id != 'orchard-ci': raise LookupError(id)
        return {'id': id, 'key': 'wool-and-wethers', 'algorithm': 'sha256'}
    def came_before(id, nonce, timestamp):
        new = (id, nonce, timestamp) not in seen
        seen.add((id, nonce, timestamp))
        return not new
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = 'HTTP/1.1'
        def log_message(self, *of): pass
        def do_POST(self):
            body = self.rfile.read(int(self.headers['Content-Length']))
            fields = {'Content-Type': 'application/json'}
            try:
                receiver = mohawk.Receiver(known, self.headers['Authorization'],
                                           'http://' + self.headers['Host'] + self.path, 'POST', content=body,
                                           content_type=self.headers['Content-Type'], seen_nonce=came_before)
                answer = json.dumps({'message': '%d stored' % len(json.loads(body)), 'path': self.path})
                receiver.respond(content=answer, content_type='application/json')
                fields['Server-Authorization'] = receiver.response_header
                status = 200
            except mohawk.exc.HawkFail as error:
                answer, status = json.dumps({'detail': type(error).__name__}), 401
            self.send_response(status)
            fields['Content-Length'] = str(len(answer))
            for name, value in fields.items(): self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.encode())
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()
    """

  @Test func aServerWithMohawkTakesOurSubmissions() async throws {
    let python = try #require(ProcessInfo.processInfo.environment["DROVER_PYTHON"])
    let program = try Program(URL(filePath: python), ["-c", Self.server])
    defer { program.send(SIGKILL) }
    var port = ""
    try await eventually("the server's port") {
      port = String(decoding: try program.outputSoFar(), as: UTF8.self)
      return port.hasSuffix("\n")
    }
    let url = "http://127.0.0.1:\(port.trimmingCharacters(in: .whitespacesAndNewlines))"
    let client = try SubmissionClient(
      server: url, credentials: .hawk(SignedSample.credentials), configuration: Pauses().configuration())
    let jobs = JobCollection((0..<1_201).map { CollectionTests.job($0) })
    let report = await client.submit(jobs, to: "orchard")
    await client.shutdown()
    #expect(report.submitted == 1_201 && report.firstError == nil, "\(String(describing: report.firstError))")
    let messages = try report.chunks.map { try $0.result.get().message }
    #expect(messages == ["500 stored", "500 stored", "201 stored"])

    for (credentials, reason) in [
      (Hawk.Credentials(id: "orchard-ci", secret: Secret("x")), "MacMismatch"),
      (Hawk.Credentials(id: "nobody", secret: SignedSample.secret), "CredentialsLookupError"),
    ] {
      let stranger = try SubmissionClient(server: url, credentials: .hawk(credentials))
      let refused = await stranger.submit(JobCollection([CollectionTests.job()]), to: "orchard")
      await stranger.shutdown()
      #expect(refused.firstError?.code == .unauthorized)
      #expect(refused.firstError?.description.contains(reason) == true)
    }
  }

  /// `treeherder-client` 3.1.0 as it is on PyPI posts all three collections to a server that has nothing but the verifying
  /// side of this library.
  @Test func treeherdersOwnClientIsTaken() async throws {
    let server = try ScriptedSubmissionServer { HawkServer().answer($0) }
    defer { server.stop() }
    let script = """
      import json, sys, thclient
      client = thclient.TreeherderClient(server_url=sys.argv[1], client_id='orchard-ci', secret='wool-and-wethers')
      pushes = thclient.TreeherderResultSetCollection()
      push = pushes.get_resultset()
      push.add_revision('a' * 40)
      push.add_author('grower@example.org')
      revision = push.get_revision()
      revision.add_revision('a' * 40)
      revision.add_repository('orchard')
      revision.add_comment('Äpfel \\U0001F34E')
      push.add_revisions([revision])
      pushes.add(push)
      jobs = thclient.TreeherderJobCollection()
      job = jobs.get_job()
      job.add_revision('a' * 40)
      job.add_project('orchard')
      job.add_job_guid('g')
      jobs.add(job)
      artifacts = thclient.TreeherderArtifactCollection()
      artifacts.add(artifacts.get_artifact({'type': 'json', 'name': 'Job Info', 'job_guid': 'g', 'blob': {'a': 1}}))
      for collection in (pushes, jobs, artifacts):
          assert client.post_collection('orchard', collection).json() == {'message': 'Job successfully updated'}
      try:
          thclient.TreeherderClient(server_url=sys.argv[1], client_id='orchard-ci', secret='x').post_collection(
              'orchard', artifacts)
      except Exception as error:
          assert '401' in str(error), error
      else:
          assert False, 'a wrong secret was taken'
      """
    let result = try await Program.runPython(script, server.url)
    #expect(result.status == 0, "\(result.errors)")
    let endpoints = ["resultset", "jobs", "artifact", "artifact"]
    #expect(server.requests.map(\.target) == endpoints.map { "/api/project/orchard/\($0)/" })
    // What it sends is valid here too.
    let bodies = server.requests.map(\.body)
    try #require(bodies.count == 4)
    try ResultSetCollection(json: bodies[0]).validate()
    try JobCollection(json: bodies[1]).validate()
    try ArtifactCollection(json: bodies[2]).validate()
  }
}
