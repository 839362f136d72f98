/// A route as the description of the interface has it.
struct DescribedRoute: Sendable {
  let method: String
  /// As OpenAPI writes it: `/api/project/{project}/jobs/`.
  let path: String
  let summary: String
  var parameters: [ReadingRoute.Parameter] = []
  /// What a request's body holds, nil where it has none.
  var body: String?
  /// Statuses and what they mean.
  let answers: [(status: String, meaning: String)]

  /// Names of the path that stand in braces.
  var placeholders: [String] {
    path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
  }

  init(
    _ method: String, _ path: String, _ summary: String, body: String? = nil,
    answers: [(status: String, meaning: String)]
  ) {
    (self.method, self.path, self.summary, self.body, self.answers) = (method, path, summary, body, answers)
  }

  init(_ route: ReadingRoute) {
    self.init(
      "get", route.path, route.summary,
      answers: [
        ("200", "What was asked for."), ("304", "The client has it: its ETag was sent in If-None-Match."),
        ("400", "A parameter that cannot be understood."), ("404", "Not there."),
        ("406", "A version in Accept that is not spoken."), ("503", "The store cannot be reached at the moment."),
      ])
    parameters = route.parameters
  }

  /// Everything that the server answers.
  static let all =
    ReadingRoutes.all.map { DescribedRoute($0) }
    + [
      submission(
        "resultset", "Submits pushes.",
        body:
          "Pushes: revision, author, push_timestamp, type, and revisions with revision, author, comment, repository."),
      submission(
        "jobs", "Submits jobs, or later states of them.",
        body:
          "Jobs: project, revision, and job with job_guid, state, result, times, machine, log_references, artifacts."),
      submission(
        "artifact", "Submits artifacts of jobs that are there.", body: "Artifacts: type, name, blob, job_guid."),
      DescribedRoute(
        "get", "/events", "What changes in a project (parameter project), as server-sent events named changed.",
        answers: [("200", "Events, until the client leaves."), ("404", "The project is not known.")]),
      DescribedRoute("get", "/health/live", "Whether the process answers.", answers: [("200", "It does.")]),
      DescribedRoute(
        "get", "/health/ready", "Whether the store, and the broker where there is one, can be reached.",
        answers: [("200", "All can."), ("503", "One cannot; the answer says which.")]),
      DescribedRoute(
        "get", "/metrics", "All metrics as Prometheus reads them.", answers: [("200", "The metrics, as text.")]),
    ]

  private static func submission(_ endpoint: String, _ summary: String, body: String) -> DescribedRoute {
    DescribedRoute(
      "post", "/api/project/{project}/\(endpoint)/", summary, body: "A list. \(body)",
      answers: [
        ("200", "All of it is stored."),
        ("400", "Something is wrong with it; the answer says what, element by element."),
        ("401", "It is not signed, or not rightly: Hawk or OAuth 1.0a is asked."),
        ("403", "The client may not write to this project."), ("404", "The project is not known."),
        ("406", "A version in Accept that is not spoken."), ("413", "The body is too long."),
        ("429", "The client comes too often; Retry-After says when to come again."),
        ("503", "The store cannot be reached at the moment."),
      ])
  }
}
