/// A field of a job, under the name that it has in the HTTP interface, in the order of a row of ``Store/jobs(_:)``.
///
/// What the store does not have of a job is nil, or what Treeherder stores in its place.
public enum JobField: String, Sendable, Hashable, CaseIterable {
  case id
  case guid = "job_guid"
  case signature
  case supersededBy = "job_coalesced_to_guid"
  case buildPlatformID = "build_platform_id"
  case optionCollectionHash = "option_collection_hash"
  case failureClassificationID = "failure_classification_id"
  case machineName = "machine_name"
  case platform
  case machinePlatformOS = "machine_platform_os"
  case machinePlatformArchitecture = "machine_platform_architecture"
  case buildPlatform = "build_platform"
  case buildOS = "build_os"
  case buildArchitecture = "build_architecture"
  case jobTypeID = "job_type_id"
  case jobTypeName = "job_type_name"
  case jobTypeSymbol = "job_type_symbol"
  case jobTypeDescription = "job_type_description"
  case jobGroupID = "job_group_id"
  case jobGroupName = "job_group_name"
  case jobGroupSymbol = "job_group_symbol"
  case jobGroupDescription = "job_group_description"
  case who
  case resultSetID = "result_set_id"
  case result
  case state
  case reason
  case startTime = "start_timestamp"
  case endTime = "end_timestamp"
  case submitTime = "submit_timestamp"
  case runningETA = "running_eta"
  case lastModified = "last_modified"
  case tier
  case referenceDataName = "ref_data_name"
  case buildSystemType = "build_system_type"
  case options = "platform_option"
  case pushID = "push_id"

  /// What the field holds.
  public var kind: FieldKind {
    switch self {
    case .id, .buildPlatformID, .failureClassificationID, .jobTypeID, .jobGroupID, .resultSetID, .runningETA, .tier,
      .pushID:
      .integer
    case .startTime, .endTime, .submitTime: .seconds
    case .lastModified: .milliseconds
    case .state: .state
    default: .text
    }
  }

  /// A table that a job's row refers to, beside its push; its name in statements.
  enum Reference: String, CaseIterable {
    case signature
    case jobType = "job_type"
    case jobGroup = "job_group"
    case buildSystem = "build_system"
    case jobGroupName = "job_group_name"
    case machine
    case buildPlatform = "build_platform"
    case machinePlatform = "machine_platform"
    case optionCollection = "option_collection"

    /// The table with its name in statements.
    var table: String { self == .buildPlatform || self == .machinePlatform ? "platform \(rawValue)" : rawValue }

    /// The column of the job that holds the row's number.
    var column: String { "job.\(rawValue)_id" }

    var join: String { "left join \(table) on \(rawValue).id = \(column)" }
  }

  /// How a field is read.
  struct Source {
    /// The column, with its table's name.
    let column: String
    /// The table, if it is not the job's own.
    let reference: Reference?
    /// What stands for a value that is not there.
    let absent: String?

    init(_ column: String, _ reference: Reference? = nil, or absent: String? = nil) {
      self.column = column
      self.reference = reference
      self.absent = absent
    }

    /// The value in SQL; what stands for one that is not there is of this file.
    var expression: String { absent.map { "coalesce(\(column), \($0))" } ?? column }
  }

  private static let unknown = "'unknown'"

  /// How the field is read, and from which table if not from the job's own.
  var source: Source {
    switch self {
    case .id: Source("job.id")
    case .guid: Source("job.guid")
    case .signature, .referenceDataName: Source("signature.hash", .signature)
    case .supersededBy: Source("job.superseded_by")
    case .buildPlatformID: Source("job.build_platform_id")
    case .optionCollectionHash: Source("option_collection.hash", .optionCollection)
    // Not classified; nobody can classify yet.
    case .failureClassificationID: Source("1")
    case .machineName: Source("machine.name", .machine, or: Self.unknown)
    case .platform: Source("machine_platform.platform", .machinePlatform, or: Self.unknown)
    case .machinePlatformOS: Source("machine_platform.os", .machinePlatform, or: Self.unknown)
    case .machinePlatformArchitecture: Source("machine_platform.architecture", .machinePlatform, or: Self.unknown)
    case .buildPlatform: Source("build_platform.platform", .buildPlatform, or: Self.unknown)
    case .buildOS: Source("build_platform.os", .buildPlatform, or: Self.unknown)
    case .buildArchitecture: Source("build_platform.architecture", .buildPlatform, or: Self.unknown)
    case .jobTypeID: Source("job.job_type_id")
    case .jobTypeName: Source("job_type.name", .jobType)
    case .jobTypeSymbol: Source("job_type.symbol", .jobType)
    case .jobTypeDescription, .jobGroupDescription: Source("''")
    case .jobGroupID: Source("job.job_group_id")
    case .jobGroupName: Source("job_group_name.name", .jobGroupName, or: Self.unknown)
    case .jobGroupSymbol: Source("job_group.symbol", .jobGroup)
    case .who: Source("job.who", or: Self.unknown)
    case .resultSetID, .pushID: Source("job.push_id")
    case .result: Source("job.result")
    case .state: Source("job.state")
    case .reason: Source("job.reason", or: Self.unknown)
    case .startTime: Source("job.start_time")
    case .endTime: Source("job.end_time")
    case .submitTime: Source("job.submit_time")
    case .runningETA: Source("cast(null as bigint)")
    case .lastModified: Source("job.last_modified")
    case .tier: Source("job.tier", or: "1")
    case .buildSystemType: Source("build_system.name", .buildSystem)
    case .options: Source("option_collection.options", .optionCollection, or: "''")
    }
  }
}

/// Which jobs are asked for.
public struct JobQuery: Sendable, Hashable {
  /// The repository's number.
  public var repository: Int64
  /// What has to hold for each of them.
  public var filters: [FieldFilter<JobField>]
  /// How many of them are passed over.
  public var offset: Int
  /// How many are returned, at most.
  public var count: Int

  /// A query.
  public init(repository: Int64, filters: [FieldFilter<JobField>] = [], offset: Int = 0, count: Int = 10) {
    self.repository = repository
    self.filters = filters
    self.offset = offset
    self.count = count
  }
}
