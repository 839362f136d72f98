/// What the symbols' colours mean, and what the keys do.
struct HelpView {
  struct Look {
    let letter: String
    let label: String
    let meaning: String
  }

  struct Key {
    let keys: [String]
    let does: String
  }

  let looks = JobAppearance.allCases.map { Look(letter: "\($0.letter)", label: $0.label, meaning: $0.meaning) }
  let keys = [
    Key(keys: ["j", "k"], does: "next and previous job"),
    Key(keys: ["n", "p"], does: "next and previous failure"),
    Key(keys: ["l"], does: "the log of the job that is open"),
    Key(keys: ["/"], does: "search"),
    Key(keys: ["Esc"], does: "close what is open"),
    Key(keys: ["?"], does: "this help"),
  ]
}
