/// A drawing with what it says in words and numbers.
struct Plot {
  struct Key {
    /// The style sheet's class.
    let letter: String
    let label: String
  }

  /// The numbers of a drawing.
  struct Table {
    struct Row {
      let head: String
      let cells: [String]
    }

    let corner: String
    let heads: [String]
    let rows: [Row]
  }

  let keys: [Key]
  /// What is counted upwards.
  let vertical: String
  /// The drawing's markup.
  let drawing: String
  let table: Table
}
