/// An artifact of a job that is at the server already, or will be.
public struct ArtifactSubmission: SubmissionElement {
  /// `artifact`.
  public static let endpoint = "artifact"
  /// `artifact`.
  public static let noun = "artifact"

  /// The JSON object as it is sent.
  public private(set) var data: SubmissionValue

  /// An artifact without values, to be filled in.
  public init() {
    data = ["blob": "", "type": "", "name": "", "job_guid": nil]
  }

  /// The artifact of a ready structure.
  public init(_ data: SubmissionValue) { self.data = data }

  /// An artifact with everything that it has to have.
  public init(name: String, type: String, blob: SubmissionValue, jobGUID: String) {
    data = ["blob": blob, "type": .string(type), "name": .string(name), "job_guid": .string(jobGUID)]
  }

  /// `job_guid`: the job that it belongs to, at most 50 characters; empty where it is not given.
  public var jobGUID: String {
    get { data[text: "job_guid"] }
    set { data[text: "job_guid"] = newValue }
  }

  /// `name`, for example `Job Info` or `text_log_summary`.
  public var name: String {
    get { data[text: "name"] }
    set { data[text: "name"] = newValue }
  }

  /// `type`, for example `json`.
  public var type: String {
    get { data[text: "type"] }
    set { data[text: "type"] = newValue }
  }

  /// `blob`: the contents; of the type `json` a structure, or its JSON as a text.
  public var blob: SubmissionValue {
    get { data["blob"] ?? "" }
    set { data["blob"] = newValue }
  }

  /// What it lacks.
  public var problems: [SubmissionProblem] {
    Self.problems(
      in: data,
      by: [
        PropertyRule("blob", .any), PropertyRule("type", .text(limit: nil)), PropertyRule("name", .text(limit: nil)),
        PropertyRule("job_guid", .text(limit: nil)),
      ])
  }
}
