import Foundation
import Support
import Testing

@testable import Submission

/// Treeherder's own client, `treeherder-client` 3.1.0, given the same: it has to build and to refuse the same.
@Suite struct PythonClientTests {
  /// A call of the Python client's builder, and the same thing done here.
  private struct Step<Element> {
    let method: String
    let arguments: [SubmissionValue]
    let apply: (inout Element) -> Void
  }

  private static let alphabet = [
    "a", "Z", "0", " ", "\"", "\\", "\n", "\u{1}", "ä", "\u{1F34E}", "e\u{301}", "\u{2028}", "/",
  ]

  private static func text(_ generator: inout SeededGenerator) -> String {
    (0..<Int.random(in: 0...12, using: &generator)).map { _ in generator.pick(alphabet) }.joined()
  }

  private static func blob(_ generator: inout SeededGenerator) -> SubmissionValue {
    let number = Int64.random(in: -5...5_000_000_000, using: &generator)
    return generator.pick([
      ["steps": [["name": .string(text(&generator)), "order": .integer(number)]], "errors": []],
      .string(text(&generator)),
      [], [:], [nil, true, .integer(number), .number("1.5")],
    ])
  }

  private static func jobSteps(_ generator: inout SeededGenerator) -> [Step<JobSubmission>] {
    func texts(_ method: String, _ path: WritableKeyPath<JobSubmission, String>) -> Step<JobSubmission> {
      let value = text(&generator)
      return Step(method: method, arguments: [.string(value)]) { $0[keyPath: path] = value }
    }
    func times(_ method: String, _ path: WritableKeyPath<JobSubmission, Int64?>) -> Step<JobSubmission> {
      let value = Int64.random(in: 0...4_000_000_000, using: &generator)
      return Step(method: method, arguments: [.integer(value)]) { $0[keyPath: path] = value }
    }
    func platforms(
      _ method: String, _ path: WritableKeyPath<JobSubmission, JobSubmission.Platform>
    ) -> Step<JobSubmission> {
      let value = JobSubmission.Platform(
        osName: text(&generator), platform: text(&generator), architecture: text(&generator))
      let arguments = [value.osName, value.platform, value.architecture].map { SubmissionValue.string($0) }
      return Step(method: method, arguments: arguments) { $0[keyPath: path] = value }
    }
    func coalesced() -> Step<JobSubmission> {
      let guids = (0..<Int.random(in: 0...2, using: &generator)).map { _ in text(&generator) }
      return Step(method: "add_coalesced_guid", arguments: [.array(guids.map { .string($0) })]) {
        $0.coalescedGUIDs += guids
      }
    }
    func options() -> Step<JobSubmission> {
      let (label, value) = (text(&generator), Bool.random(using: &generator))
      return Step(method: "add_option_collection", arguments: [.object([label: .bool(value)])]) {
        $0.optionCollection[label] = value
      }
    }
    func logs() -> Step<JobSubmission> {
      let (name, url) = (text(&generator), text(&generator))
      let status = generator.pick([JobSubmission.ParseStatus.pending, .parsed, .error])
      return Step(method: "add_log_reference", arguments: [.string(name), .string(url), .string(status.rawValue)]) {
        $0.addLogReference(name: name, url: url, parseStatus: status)
      }
    }
    func artifacts() -> Step<JobSubmission> {
      let (name, type, blob) = (text(&generator), text(&generator), blob(&generator))
      return Step(method: "add_artifact", arguments: [.string(name), .string(type), blob]) {
        $0.addArtifact(name: name, type: type, blob: blob)
      }
    }
    let tier = Int.random(in: 1...3, using: &generator)
    var steps = [
      texts("add_revision", \.revision), texts("add_project", \.project), texts("add_job_guid", \.guid),
      texts("add_job_name", \.name), texts("add_job_symbol", \.symbol), texts("add_group_name", \.groupName),
      texts("add_group_symbol", \.groupSymbol), texts("add_description", \.jobDescription),
      texts("add_product_name", \.productName), texts("add_state", \.state), texts("add_result", \.result),
      texts("add_reason", \.reason), texts("add_who", \.who), texts("add_machine", \.machine),
      texts("add_revision_hash", \.revisionHash), times("add_submit_timestamp", \.submitTimestamp),
      times("add_start_timestamp", \.startTimestamp), times("add_end_timestamp", \.endTimestamp),
      platforms("add_build_info", \.buildPlatform), platforms("add_machine_info", \.machinePlatform),
      Step(method: "add_tier", arguments: [.integer(tier)]) { $0.tier = tier }, coalesced(), coalesced(), options(),
      options(), logs(), logs(), artifacts(), artifacts(),
    ]
    steps.shuffle(using: &generator)
    return Array(steps.prefix(Int.random(in: 0...steps.count, using: &generator)))
  }

  private static func revisionSteps(_ generator: inout SeededGenerator) -> [Step<RevisionSubmission>] {
    let paths: [(String, WritableKeyPath<RevisionSubmission, String>)] = [
      ("add_author", \.author), ("add_comment", \.comment), ("add_repository", \.repository),
      ("add_revision", \.revision),
    ]
    return paths.shuffled(using: &generator).prefix(3).map { method, path in
      let value = text(&generator)
      return Step(method: method, arguments: [.string(value)]) { $0[keyPath: path] = value }
    }
  }

  private static func pushSteps(_ generator: inout SeededGenerator) -> [Step<ResultSetSubmission>] {
    let paths: [(String, WritableKeyPath<ResultSetSubmission, String>)] = [
      ("add_author", \.author), ("add_type", \.type), ("add_revision", \.revision),
    ]
    let time = Int64.random(in: 0...4_000_000_000, using: &generator)
    return paths.shuffled(using: &generator).prefix(2).map { method, path in
      let value = text(&generator)
      return Step(method: method, arguments: [.string(value)]) { $0[keyPath: path] = value }
    } + [Step(method: "add_push_timestamp", arguments: [.integer(time)]) { $0.pushTimestamp = time }]
  }

  private static func artifactSteps(_ generator: inout SeededGenerator) -> [Step<ArtifactSubmission>] {
    let (name, type, guid, blob) = (text(&generator), text(&generator), text(&generator), blob(&generator))
    return [
      Step(method: "add_name", arguments: [.string(name)]) { $0.name = name },
      Step(method: "add_type", arguments: [.string(type)]) { $0.type = type },
      Step(method: "add_job_guid", arguments: [.string(guid)]) { $0.jobGUID = guid },
      Step(method: "add_blob", arguments: [blob]) { $0.blob = blob },
    ].shuffled(using: &generator).dropLast(Int.random(in: 0...2, using: &generator))
  }

  private static func calls<Element>(_ steps: [Step<Element>]) -> SubmissionValue {
    .array(steps.map { .array([.string($0.method)] + $0.arguments) })
  }

  private static func python(_ script: String, _ input: SubmissionValue) async throws -> [SubmissionValue] {
    let file = try Repository.temporaryFolder().appending(path: "input.json")
    try Data(input.toJSON()).write(to: file)
    let result = try await Program.runPython(script, file.path)
    try #require(result.status == 0, "\(result.errors)")
    return try #require(try SubmissionValue(json: Array(result.output.utf8)).array)
  }

  private static func generator(of what: String) -> SeededGenerator {
    let seed = ProcessInfo.processInfo.environment["DROVER_SEED"].flatMap { UInt64($0) } ?? .random(in: 1...UInt64.max)
    print("seed of \(what): \(seed)")
    return SeededGenerator(seed: seed)
  }

  @Test func theBuildersMakeTheSame() async throws {
    var generator = Self.generator(of: "the builders")
    var (plans, expected): ([SubmissionValue], [SubmissionValue]) = ([], [])
    for _ in 0..<150 {
      var job = JobSubmission()
      let steps = Self.jobSteps(&generator)
      for step in steps { step.apply(&job) }
      plans.append(["kind": "job", "calls": Self.calls(steps)])
      expected.append(job.data)

      var artifact = ArtifactSubmission()
      let artifactSteps = Self.artifactSteps(&generator)
      for step in artifactSteps { step.apply(&artifact) }
      plans.append(["kind": "artifact", "calls": Self.calls(artifactSteps)])
      expected.append(artifact.data)

      var push = ResultSetSubmission()
      let pushSteps = Self.pushSteps(&generator)
      for step in pushSteps { step.apply(&push) }
      var revisions: [SubmissionValue] = []
      for _ in 0..<Int.random(in: 0...2, using: &generator) {
        var revision = RevisionSubmission()
        let steps = Self.revisionSteps(&generator)
        for step in steps { step.apply(&revision) }
        push.add(revision)
        revisions.append(Self.calls(steps))
      }
      plans.append(["kind": "push", "calls": Self.calls(pushSteps), "revisions": .array(revisions)])
      expected.append(push.data)
    }
    let script = """
      import json, logging, sys, thclient
      logging.disable(logging.CRITICAL)
      def built(element, calls):
          for method, *arguments in calls:
              getattr(element, method)(*arguments)
          return element
      made = []
      for plan in json.load(open(sys.argv[1])):
          if plan['kind'] == 'job':
              collection = thclient.TreeherderJobCollection()
              element = built(collection.get_job(), plan['calls'])
          elif plan['kind'] == 'artifact':
              collection = thclient.TreeherderArtifactCollection()
              element = built(collection.get_artifact(), plan['calls'])
          else:
              collection = thclient.TreeherderResultSetCollection()
              element = built(collection.get_resultset(), plan['calls'])
              element.add_revisions([built(element.get_revision(), calls) for calls in plan['revisions']])
          collection.add(element)
          made += json.loads(collection.to_json())
      json.dump(made, sys.stdout)
      """
    let made = try await Self.python(script, .array(plans))
    #expect(made.count == expected.count)
    for (index, (theirs, ours)) in zip(made, expected).enumerated() {
      #expect(theirs == ours, "\(String(decoding: plans[index].toJSON(), as: UTF8.self))")
    }
  }

  /// Properties that are damaged, by their names from the top down, and how long they may be.
  private static let damaged: [String: [([String], Int)]] = [
    "job": [(["revision"], 40), (["project"], 1000), (["job"], 1000), (["job", "job_guid"], 50)],
    "resultset": [(["revision"], 40), (["revisions"], 1000), (["author"], 150)],
    "revision": [(["revision"], 50), (["repository"], 1000)],
    "artifact": [(["blob"], 1000), (["type"], 1000), (["name"], 1000), (["job_guid"], 1000)],
  ]

  @Test func validationRefusesTheSame() async throws {
    var generator = Self.generator(of: "the damaged elements")
    let whole: [String: SubmissionValue] = [
      "job": ["revision": "r", "project": "p", "job": ["job_guid": "g", "name": "n"], "coalesced": []],
      "resultset": ["revision": "r", "revisions": [["revision": "r", "repository": "o"]], "author": "a"],
      "revision": ["revision": "r", "repository": "o"],
      "artifact": ["blob": ["a": 1], "type": "json", "name": "n", "job_guid": "g"],
    ]
    var (cases, expected): ([SubmissionValue], [[String]]) = ([], [])
    for _ in 0..<400 {
      let kind = generator.pick(whole.keys.sorted())
      guard var data = whole[kind], let properties = Self.damaged[kind] else { continue }
      for (path, limit) in properties where Bool.random(using: &generator) {
        let isStructure = path == ["job"] || path == ["revisions"]
        let length = Int.random(in: limit - 1...limit + 1, using: &generator)
        let long = SubmissionValue.string(String(repeating: "\u{1F34E}", count: length))
        var values: [SubmissionValue?] = [nil, "", .null, false, 0, [], [:]]
        // The Python client asks for a type only here; everywhere else it would take the length of a number.
        values += isStructure ? [long, 7] : [long, long]
        let value = generator.pick(values)
        if path.count == 1 {
          data[path[0]] = value
        } else if case .object? = data[path[0]] {
          data[path[0]]?[path[1]] = value
        }
      }
      let problems =
        switch kind {
        case "job": JobSubmission(data).problems
        case "resultset": ResultSetSubmission(data).problems
        case "revision": RevisionSubmission(data).problems
        default: ArtifactSubmission(data).problems
        }
      cases.append(["kind": .string(kind), "data": data])
      expected.append(problems.map(\.path).sorted())
    }
    let script = """
      import json, sys, thclient
      kinds = {'job': thclient.TreeherderJob, 'resultset': thclient.TreeherderResultSet,
               'revision': thclient.TreeherderRevision, 'artifact': thclient.TreeherderArtifact}
      answers = []
      for case in json.load(open(sys.argv[1])):
          # Nothing at all would be taken for a new element.
          element = kinds[case['kind']](case['data'] or {'x': 1})
          wrong = []
          for name, rule in element.required_properties.items():
              try:
                  element.validate({name: rule})
              except (thclient.TreeherderClientError, TypeError):
                  wrong.append(name)
          answers.append(sorted(wrong))
      json.dump(answers, sys.stdout)
      """
    let answers = try await Self.python(script, .array(cases))
    #expect(answers.count == expected.count)
    for (index, (theirs, ours)) in zip(answers, expected).enumerated() {
      #expect(
        theirs.array?.compactMap(\.string) == ours, "\(String(decoding: cases[index].toJSON(), as: UTF8.self))")
    }
    #expect(Set(expected).count > 10)
  }
}
