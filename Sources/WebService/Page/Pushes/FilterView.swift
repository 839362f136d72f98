import JobStore

/// The form that filters, and what is filtered already.
struct FilterView {
  struct Option {
    let value: String
    let optionLabel: String
    let isSelected: Bool
  }

  struct Choice {
    let choiceName: String
    let choiceLabel: String
    let options: [Option]
  }

  struct Field {
    let fieldName: String
    let fieldLabel: String
    let fieldValue: String
    let list: String?
  }

  struct List {
    let listName: String
    let values: [String]
  }

  /// What is filtered, with the address of the same page without it.
  struct Active {
    let activeLabel: String
    let without: String
  }

  let action: String
  let text: String
  let onlyFailures: Bool
  let choices: [Choice]
  let fields: [Field]
  let lists: [List]
  let active: [Active]
  let hasActive: Bool
  /// Whether something is filtered that the form shows only when it is unfolded.
  let hasFolded: Bool
  let isUnfolded: Bool
  let unfoldAddress: String
  let foldLabel: String

  /// Parameters that say which pushes are shown, not which jobs.
  static let pushNames = ["revision", "author"]
  /// How many suggestions a field makes.
  private static let maximumSuggestions = 200

  init(_ query: QueryParameters, action: String, names: MatrixNames) {
    self.action = action
    text = query["text"] ?? ""
    let filter = JobFilter(query)
    onlyFailures = filter.onlyFailures
    func value(_ name: String) -> String { query.values(name).filter { !$0.isEmpty }.joined(separator: ",") }
    func choice(_ name: String, _ label: String, _ options: [(String, String)]) -> Choice {
      let value = value(name)
      var all = [("", "any")] + options
      if !all.contains(where: { $0.0 == value }) { all.append((value, value)) }
      return Choice(
        choiceName: name, choiceLabel: label,
        options: all.map { Option(value: $0.0, optionLabel: $0.1, isSelected: $0.0 == value) })
    }
    choices = [
      choice(
        "result", "Result",
        ["success", "testfailed", "busted", "exception", "retry", "usercancel", "superseded", "unknown"].map {
          ($0, JobAppearance(state: .completed, result: $0).label)
        }),
      choice("state", "State", JobRecord.State.allCases.reversed().map { ($0.name, $0.name) }),
      choice("tier", "Tier", ["1", "2", "3"].map { ($0, $0) }),
    ]
    fields = [
      ("platform", "Platform", "platforms"), ("group", "Group", "groups"), ("name", "Job", nil),
      ("revision", "Revision", nil), ("author", "Author", nil),
    ].map { Field(fieldName: $0.0, fieldLabel: $0.1, fieldValue: value($0.0), list: $0.2) }
    func list(_ name: String, _ texts: [String]) -> List {
      let values = Set(texts).sorted(by: NaturalOrder.isAscending).prefix(Self.maximumSuggestions)
      return List(listName: name, values: Array(values))
    }
    lists = [
      list("platforms", names.platforms.values.map { $0.more.isEmpty ? $0.text : "\($0.text) \($0.more)" }),
      list("groups", names.groups.values.map(\.text).filter { $0 != MatrixNames.noGroup }),
    ]
    let kept = Self.kept(query)
    active = (JobFilter.names + Self.pushNames).compactMap { name in
      let value = value(name)
      guard !value.isEmpty, name != "failures" || filter.onlyFailures else { return nil }
      return Active(
        activeLabel: name == "failures" ? "only failures" : "\(name): \(value)",
        without: action + WebLink.query(kept.filter { $0.name != name }))
    }
    hasActive = !active.isEmpty
    hasFolded = (choices.map(\.choiceName) + fields.map(\.fieldName)).contains { !value($0).isEmpty }
    isUnfolded = query["unfold"] == "1"
    unfoldAddress =
      action + WebLink.query(kept.filter { $0.name != "unfold" } + (isUnfolded ? [] : [("unfold", "1")]))
    foldLabel = isUnfolded ? "Fold superseded and retried jobs" : "Show superseded and retried jobs"
  }

  /// The parameters that say what is shown; links to other pages of the same view keep them.
  static func kept(_ query: QueryParameters) -> [(name: String, value: String)] {
    let names = Set(JobFilter.names + pushNames + ["unfold"])
    return query.all.filter { names.contains($0.name) && !$0.value.isEmpty }
  }
}
