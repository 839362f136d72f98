import JobStore

/// A push with its revisions and jobs, as the templates show it.
struct PushView {
  struct Commit {
    let commitRevision: String
    /// Where it is not the push's.
    let commitAuthor: String?
    /// What the comments begin with.
    let firstLine: String
    /// What follows in them.
    let rest: String?
  }

  let pushID: Int64
  let pushAddress: String
  let revision: String
  let fullRevision: String
  let author: String?
  let authorAddress: String?
  let time: PageTime
  let commits: [Commit]
  let moreCommits: [Commit]
  let moreText: String?
  let bar: ProgressBar
  /// The table, as HTML.
  let jobs: String
  let note: String?
  /// Changes with what is shown: the script puts nothing in place of its equal.
  let version: String

  /// How many revisions are shown of a push that has more; the others are folded.
  private static let shownCommits = 3

  init(_ row: Int, of page: PushPage, in project: Project, _ jobs: PushJobs?, _ writer: MatrixWriter, maximum: Int) {
    let id = page.pushes.integer(row, PushPage.PushColumn.id) ?? 0
    let address = WebLink.project(project.name)
    pushID = id
    pushAddress = "\(address)/push/\(id)"
    fullRevision = page.pushes.text(row, PushPage.PushColumn.revision) ?? ""
    revision = String(fullRevision.prefix(12))
    author = page.pushes.text(row, PushPage.PushColumn.author)
    authorAddress = author.map { address + WebLink.query([("author", $0)]) }
    time = PageTime(page.pushes.integer(row, PushPage.PushColumn.pushTime) ?? 0)
    let pusher = author
    let all = page.revisions(of: id).map { Self.commit($0, of: page.revisions, by: pusher) }
    commits = Array(all.prefix(Self.shownCommits))
    moreCommits = Array(all.dropFirst(Self.shownCommits))
    let count = Int(page.pushes.integer(row, PushPage.PushColumn.revisionCount) ?? 0) - commits.count
    moreText = count > 0 ? "\(count) more \(count == 1 ? "revision" : "revisions")" : nil
    bar = ProgressBar(jobs?.counts ?? [Int](repeating: 0, count: JobAppearance.allCases.count))
    var html = HTMLWriter(capacity: 256 + (jobs?.shown.count ?? 0) * 96)
    if let jobs, !jobs.shown.isEmpty {
      writer.write(jobs, label: "Jobs of push \(revision), a platform a row", to: &html)
    }
    self.jobs = html.string
    note = Self.note(jobs, maximum)
    for text in [bar.summary, note ?? "", author ?? ""] + all.flatMap({ [$0.firstLine, $0.rest ?? ""] }) {
      html.html(text.utf8)
    }
    version = String(Self.fingerprint(html.bytes), radix: 36)
  }

  /// FNV-1a: two versions of one push are to differ; nobody has anything from making them alike.
  private static func fingerprint(_ bytes: [UInt8]) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0100_0000_01B3 }
  }

  private static func commit(_ row: Int, of revisions: RowTable, by pusher: String?) -> Commit {
    let author = revisions.text(row, PushPage.RevisionColumn.author)
    let comments = revisions.text(row, PushPage.RevisionColumn.comments) ?? ""
    let lines = comments.split(separator: "\n", maxSplits: 1)
    return Commit(
      commitRevision: String((revisions.text(row, PushPage.RevisionColumn.revision) ?? "").prefix(12)),
      commitAuthor: author == pusher ? nil : author,
      firstLine: lines.first.map(String.init) ?? "without comments",
      rest: lines.count > 1 ? String(lines[1]) : nil)
  }

  private static func note(_ jobs: PushJobs?, _ maximum: Int) -> String? {
    guard let jobs, jobs.count > 0 else { return "No jobs yet." }
    let hidden = jobs.count - jobs.shown.count
    var note = ""
    if jobs.shown.isEmpty {
      note = "Nothing here passes the filters: \(hidden) \(hidden == 1 ? "job is" : "jobs are") hidden."
    } else if hidden > 0 {
      note = "\(jobs.shown.count) of \(jobs.count) jobs shown."
    }
    if jobs.count >= maximum { note += " Only the first \(maximum) jobs of a push are looked at." }
    return note.isEmpty ? nil : note
  }
}
