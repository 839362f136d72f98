import JobStore

/// A push's jobs as a table: a row for each platform with its options, in it the groups with their jobs.
///
/// There are tens of thousands of them on a page: what stands for one is as short as it can be.
struct MatrixWriter {
  let names: MatrixNames
  /// What every job's address begins with; it needs no quotes.
  let address: [UInt8]
  /// Whether what is folded begins unfolded.
  let isUnfolded: Bool

  /// Writes the table.
  func write(_ jobs: PushJobs, label: String, to html: inout HTMLWriter) {
    html.markup("<table class=m aria-label=\"")
    html.text(label)
    html.markup("\"><tbody>")
    var index = 0
    while index < jobs.shown.count {
      let key = jobs.shown[index].rowKey
      let platform = names.platforms[MatrixNames.platformKey(Int(jobs.shown[index].row), of: jobs.rows)]
      html.markup("<tr><th scope=row>")
      html.text(platform?.text ?? "")
      if let options = platform?.more, !options.isEmpty {
        html.markup(" <b>")
        html.text(options)
        html.markup("</b>")
      }
      html.markup("<td>")
      while index < jobs.shown.count, jobs.shown[index].rowKey == key { group(jobs, from: &index, to: &html) }
      html.markup("\n")
    }
    html.markup("</table>")
  }

  private func group(_ jobs: PushJobs, from index: inout Int, to html: inout HTMLWriter) {
    let key = jobs.shown[index].groupKey
    let first = Int(jobs.shown[index].row)
    let group = jobs.rows.integer(first, JobMatrix.JobColumn.groupID).flatMap { names.groups[$0] }
    let tier = jobs.rows.integer(first, JobMatrix.JobColumn.tier) ?? 1
    let isNamed = group.map { $0.text != MatrixNames.noGroup } ?? false
    let hasParentheses = isNamed || tier != 1
    html.markup("<span class=g>")
    if isNamed, let group {
      html.markup("<span")
      if !group.more.isEmpty {
        html.markup(" title=\"")
        html.text(group.more)
        html.markup("\"")
      }
      html.markup(">")
      html.text(group.text)
      html.markup("</span>")
    }
    if tier != 1 {
      html.markup("<i>tier ")
      html.integer(tier)
      html.markup("</i>")
    }
    if hasParentheses { html.markup("(") }
    var isFirst = true
    while index < jobs.shown.count, jobs.shown[index].groupKey == key, !jobs.shown[index].isFolded {
      if !isFirst { html.markup(" ") }
      isFirst = false
      job(jobs, index, to: &html)
      index += 1
    }
    let folded = jobs.shown[index...].prefix { $0.groupKey == key }.count
    if folded > 0 {
      if !isFirst { html.markup(" ") }
      html.markup("<details")
      if isUnfolded { html.markup(" open") }
      html.markup("><summary title=\"superseded and retried\">+")
      html.integer(Int64(folded))
      html.markup("</summary>")
      for _ in 0..<folded {
        html.markup(" ")
        job(jobs, index, to: &html)
        index += 1
      }
      html.markup("</details>")
    }
    if hasParentheses { html.markup(")") }
    html.markup("</span> ")
  }

  private func job(_ jobs: PushJobs, _ index: Int, to html: inout HTMLWriter) {
    let job = jobs.shown[index]
    let type = jobs.rows.integer(Int(job.row), JobMatrix.JobColumn.typeID).flatMap { names.types[$0] }
    html.markup("<a class=")
    html.markup(job.appearance.letter)
    html.markup(" href=")
    html.html(address)
    html.integer(jobs.rows.integer(Int(job.row), JobMatrix.JobColumn.id) ?? 0)
    if let type, type.more != type.text {
      html.markup(" title=\"")
      html.text(type.more)
      html.markup("\"")
    }
    html.markup(">")
    html.text(type?.text ?? "")
    html.markup("</a>")
  }
}
