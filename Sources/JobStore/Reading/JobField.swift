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

  /// A table that a job's row refers to, beside its push.
  enum Reference: String, CaseIterable {
    case signature = "join signature on signature.id = job.signature_id"
    case jobType = "join job_type on job_type.id = job.job_type_id"
    case jobGroup = "join job_group on job_group.id = job.job_group_id"
    case buildSystem = "join build_system on build_system.id = job.build_system_id"
    case jobGroupName = "left join job_group_name on job_group_name.id = job.job_group_name_id"
    case machine = "left join machine on machine.id = job.machine_id"
    case buildPlatform = "left join platform build_platform on build_platform.id = job.build_platform_id"
    case machinePlatform = "left join platform machine_platform on machine_platform.id = job.machine_platform_id"
    case optionCollection =
      "left join option_collection on option_collection.id = job.option_collection_id"
  }

  /// How the field is read, and from which table if not from the job's own.
  var source: (expression: String, reference: Reference?) {
    switch self {
    case .id: ("job.id", nil)
    case .guid: ("job.guid", nil)
    case .signature, .referenceDataName: ("signature.hash", .signature)
    case .supersededBy: ("job.superseded_by", nil)
    case .buildPlatformID: ("job.build_platform_id", nil)
    case .optionCollectionHash: ("option_collection.hash", .optionCollection)
    // Not classified; nobody can classify yet.
    case .failureClassificationID: ("1", nil)
    case .machineName: ("coalesce(machine.name, 'unknown')", .machine)
    case .platform: ("coalesce(machine_platform.platform, 'unknown')", .machinePlatform)
    case .machinePlatformOS: ("coalesce(machine_platform.os, 'unknown')", .machinePlatform)
    case .machinePlatformArchitecture: ("coalesce(machine_platform.architecture, 'unknown')", .machinePlatform)
    case .buildPlatform: ("coalesce(build_platform.platform, 'unknown')", .buildPlatform)
    case .buildOS: ("coalesce(build_platform.os, 'unknown')", .buildPlatform)
    case .buildArchitecture: ("coalesce(build_platform.architecture, 'unknown')", .buildPlatform)
    case .jobTypeID: ("job.job_type_id", nil)
    case .jobTypeName: ("job_type.name", .jobType)
    case .jobTypeSymbol: ("job_type.symbol", .jobType)
    case .jobTypeDescription, .jobGroupDescription: ("''", nil)
    case .jobGroupID: ("job.job_group_id", nil)
    case .jobGroupName: ("coalesce(job_group_name.name, 'unknown')", .jobGroupName)
    case .jobGroupSymbol: ("job_group.symbol", .jobGroup)
    case .who: ("coalesce(job.who, 'unknown')", nil)
    case .resultSetID, .pushID: ("job.push_id", nil)
    case .result: ("job.result", nil)
    case .state: ("job.state", nil)
    case .reason: ("coalesce(job.reason, 'unknown')", nil)
    case .startTime: ("job.start_time", nil)
    case .endTime: ("job.end_time", nil)
    case .submitTime: ("job.submit_time", nil)
    case .runningETA: ("cast(null as bigint)", nil)
    case .lastModified: ("job.last_modified", nil)
    case .tier: ("coalesce(job.tier, 1)", nil)
    case .buildSystemType: ("build_system.name", .buildSystem)
    case .options: ("coalesce(option_collection.options, '')", .optionCollection)
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
