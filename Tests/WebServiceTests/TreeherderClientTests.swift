import Support
import Testing

@testable import JobStore

/// Treeherder's own client of 2019 on the other side.
@Suite struct TreeherderClientTests {
  @Test(arguments: Backend.allCases)
  func theClientReadsEverythingThatItKnows(_ backend: Backend) async throws {
    try await TestService.run(backend) { service in
      let link = """
        , "labels": ["opt"], "logs": [{"name": "live", "url": "http://l/1"}], "jobInfo": {"links": [
          {"label": "Inspect", "linkText": "task", "url": "http://t/1"}]}
        """
      try await service.ingest((0..<2_500).map { TestService.message("task-\($0)", "completed", link) })
      let script = """
        import sys, thclient
        client = thclient.TreeherderClient(server_url=sys.argv[1])
        pushes = client.get_pushes('orchard')
        assert [push['revision'] for push in pushes] == [sys.argv[2]], pushes
        jobs = client.get_jobs('orchard', count=None)
        assert len({job['id'] for job in jobs}) == 2500, len(jobs)
        assert len(client.get_jobs('orchard')) == 10
        job = client.get_jobs('orchard', job_guid='task-7')[0]
        assert (job['state'], job['result'], job['push_id']) == ('completed', 'success', pushes[0]['id']), job
        details = client.get_job_details(job_guid='task-7')
        assert [(d['title'], d['value'], d['url']) for d in details] == [('Inspect', 'task', 'http://t/1')], details
        logs = client.get_job_log_url('orchard', job_id=[job['id'], jobs[0]['id']])
        assert [log['url'] for log in logs] == ['http://l/1'] * 2, logs
        assert [[o['name'] for o in options] for options in client.get_option_collection_hash().values()] == [['opt']]
        assert [repository['name'] for repository in client.get_repositories()] == ['orchard']
        assert client.get_failure_classifications()[0]['id'] == 1
        try:
            client.get_jobs('nowhere')
            raise SystemExit('an unknown project was found')
        except thclient.client.HTTPError as error:
            assert error.response.status_code == 404
        """
      let result = try await Program.runPython(
        script, ["http://\(service.address)", TestService.revision], in: "DROVER_PYTHON_READS")
      #expect(result.status == 0, "\(result.errors)")
    }
  }
}
