import JobStore

/// What makes a job the same job in every push.
struct JobSignature {
  let buildSystem: String
  let repository: String
  let build: JobRecord.Platform?
  let machine: JobRecord.Platform?
  let groupName: String
  let groupSymbol: String
  let jobName: String
  let jobSymbol: String
  let optionHash: String

  /// The SHA-1 of Treeherder's fourteen properties joined without anything between them; the last one is what Python
  /// calls no value, since every signature in a Treeherder's database was made with it.
  var hash: String {
    let unknown = "unknown"
    var text = ""
    text.reserveCapacity(256)
    for property in [
      buildSystem, repository, build?.os ?? unknown, build?.platform ?? unknown, build?.architecture ?? unknown,
      machine?.os ?? unknown, machine?.platform ?? unknown, machine?.architecture ?? unknown, groupName, groupSymbol,
      jobName, jobSymbol, optionHash, "None",
    ] { text += property }
    return text.sha1
  }
}
