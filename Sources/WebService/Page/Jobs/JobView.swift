import JobStore

/// A job with everything that is known of it, as the templates show it.
struct JobView {
  struct Field {
    let fieldLabel: String
    let fieldText: String?
    let fieldTime: PageTime?
    let fieldLink: String?
    let isCode: Bool
    /// What is said where there is nothing.
    let fieldNone: String

    init(
      _ label: String, _ text: String?, time: Int64? = nil, link: String? = nil, isCode: Bool = false,
      none: String = "not known"
    ) {
      fieldNone = none
      fieldLabel = label
      fieldText = text
      fieldTime = time.map { PageTime($0) }
      fieldLink = link
      self.isCode = isCode
    }
  }

  struct Log {
    let logName: String
    let logViewer: String?
    let logAddress: String?
    let logText: String?
    let logStatus: String
  }

  struct Line {
    let lineNumber: Int64?
    let lineText: String
  }

  struct Artifact {
    let artifactName: String
    let artifactType: String
    let artifactAddress: String
  }

  let jobID: Int64
  let jobAddress: String
  let symbol: String
  let group: String?
  let jobName: String
  let letter: String
  let resultLabel: String
  let resultMeaning: String
  let isFailure: Bool
  let platform: String
  let tierLabel: String?
  let pushAddress: String
  let pushRevision: String?
  let ran: String?
  let summary: [Field]
  let fields: [Field]
  let lines: [Line]
  let hasLines: Bool
  let linesAddress: String?
  let logs: [Log]
  let hasLogs: Bool
  let details: [JobDetail]
  let hasDetails: Bool
  let artifacts: [Artifact]
  let hasArtifacts: Bool
  let history: [JobHistoryEntry]
  let hasHistory: Bool
  let historyText: String
  let isAlone: Bool
}
