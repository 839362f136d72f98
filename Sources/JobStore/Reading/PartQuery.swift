/// A field by which what belongs to jobs is asked for, under the name that it has in the HTTP interface.
public enum PartField: String, Sendable, Hashable, CaseIterable {
  /// The part's own number.
  case id
  case jobID = "job_id"
  case jobGUID = "job_guid"
  /// Of logs and artifacts.
  case name
  /// Of artifacts.
  case type
  /// Of details.
  case title

  /// What the field holds.
  public var kind: FieldKind { self == .id || self == .jobID ? .integer : .text }
}

/// Which logs, artifacts or details of jobs are asked for.
public struct PartQuery: Sendable, Hashable {
  /// The number of the jobs' repository; nil for any.
  public var repository: Int64?
  /// What has to hold for each of them.
  public var filters: [FieldFilter<PartField>]
  /// How many of them are passed over.
  public var offset: Int
  /// How many are returned, at most.
  public var count: Int

  /// A query.
  public init(repository: Int64?, filters: [FieldFilter<PartField>], offset: Int = 0, count: Int) {
    self.repository = repository
    self.filters = filters
    self.offset = offset
    self.count = count
  }
}

/// What belongs to jobs, with the columns that it is read with.
public enum JobPart: Sendable {
  /// The columns of logs.
  public enum LogColumn: Int, Sendable {
    case id, jobID, jobGUID, name, url
    /// The number of a ``LogRecord/ParseStatus``.
    case parseStatus
    /// What is to be made of it next: the number of a ``LogWork/Kind``, see ``LogWork/Kind/init(awaits:)``.
    case awaits
    /// 1 where there were more errors than the steps hold, else 0.
    case areErrorsTruncated
  }

  /// The columns of details.
  public enum DetailColumn: Int, Sendable { case id, jobID, jobGUID, title, value, url, contentType }

  /// The columns of artifacts; those without their content lack the last one.
  public enum ArtifactColumn: Int, Sendable { case id, jobID, jobGUID, name, type, blob }

  case logs
  case details
  /// Without their content.
  case artifacts
  case artifactsWithContent

  var table: String {
    switch self {
    case .logs: "job_log"
    case .details: "job_detail"
    case .artifacts, .artifactsWithContent: "artifact"
    }
  }

  var columns: String {
    switch self {
    case .logs: "part.name, part.url, part.parse_status, part.awaits, part.errors_truncated"
    case .details: "part.title, part.value, part.url, part.content_type"
    case .artifacts: "part.name, part.type"
    case .artifactsWithContent: "part.name, part.type, part.blob"
    }
  }

  /// How a field is read; nil for one that the part does not have.
  func expression(_ field: PartField) -> String? {
    switch (field, self) {
    case (.id, _): "part.id"
    case (.jobID, _): "part.job_id"
    case (.jobGUID, _): "job.guid"
    case (.title, .details): "part.title"
    case (.name, .logs), (.name, .artifacts), (.name, .artifactsWithContent): "part.name"
    case (.type, .artifacts), (.type, .artifactsWithContent): "part.type"
    case (.title, _), (.name, _), (.type, _): nil
    }
  }
}

/// The parsed logs of a job.
public struct JobSteps: Sendable {
  /// The columns of ``steps``; times in milliseconds since 1970-01-01 00:00:00 UTC.
  public enum StepColumn: Int, Sendable {
    case logID, position, name, result, started, finished, firstLine, lastLine
  }

  /// The columns of ``errors``.
  public enum ErrorColumn: Int, Sendable {
    case logID
    /// The step's position.
    case step
    case position, lineNumber, line
  }

  /// The steps, log by log, each log's in their order.
  public let steps: RowTable
  /// The lines that say what went wrong, in the order of their steps.
  public let errors: RowTable
}
