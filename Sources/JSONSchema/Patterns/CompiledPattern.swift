/// A regular expression, ready to search with.
struct CompiledPattern {
  /// Which engine searches.
  enum Engine: UInt8 {
    /// Every byte of the string must be in a table of 256.
    case byteTable
    /// A deterministic automaton: one step a character.
    case automaton
    /// All ways through the instructions at once: as many steps a character as instructions.
    case parallel
    /// One way after another, for what the others cannot, with a budget of steps.
    case backtracking
  }

  var engine = Engine.backtracking
  /// The expression's text, for messages.
  var source: NameReference
  /// The place of a byte table, or of the classes of ASCII characters, in the program's bytes.
  var table: Int32 = 0
  /// The fewest and most bytes that a byte table allows.
  var minimum: UInt32 = 0
  var maximum: UInt32 = .max
  /// An automaton's transitions, and for each state whether it accepts at the end.
  var transitions: Int32 = 0
  var acceptsAtEnd: Int32 = 0
  /// The classes of characters.
  var classCount: Int32 = 0
  var classes = ListRange()
  /// The instructions.
  var instructions = ListRange()
  /// Whether the text of a group is asked for again.
  var hasBackreferences = false
  /// How many positions the instructions remember.
  var slots: Int32 = 0
}
