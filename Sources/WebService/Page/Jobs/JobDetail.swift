import JobStore

/// A line that a job's producer wrote for its panel, by its content type.
struct JobDetail {
  let detailTitle: String
  /// What is shown as text; for a link its text.
  let detailText: String?
  /// Where it leads; nil where it leads nowhere, or not to another server by HTTP.
  let detailAddress: String?
  /// HTML of which everything was taken away that is not known to be harmless.
  let detailHTML: String?

  init(_ row: Int, of rows: RowTable) {
    let value = rows.text(row, JobPart.DetailColumn.value) ?? ""
    let url = rows.text(row, JobPart.DetailColumn.url)
    detailTitle = rows.text(row, JobPart.DetailColumn.title) ?? ""
    if rows.text(row, JobPart.DetailColumn.contentType) == "raw_html" {
      detailHTML = HTMLSanitizer.sanitized(value)
      detailText = nil
      detailAddress = nil
      return
    }
    detailHTML = nil
    detailAddress = WebLink.external(url)
    // An address that is no link is told all the same.
    let shown = value.isEmpty ? url ?? "" : value
    detailText = detailAddress == nil && url != nil && !value.isEmpty ? "\(value) (\(url ?? ""))" : shown
  }
}
