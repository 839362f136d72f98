/// The jobs of some pushes with as much as a table of all of them shows: numbers, and once what the numbers stand for.
public struct JobMatrix: Sendable {
  /// The columns of a push's jobs.
  public enum JobColumn: Int, Sendable {
    case id
    /// The number of a ``JobRecord/State``.
    case state
    case result, tier, typeID, groupID, groupNameID
    /// What the job ran on; where nobody says, what it was built for.
    case platformID
    case optionsID
  }

  /// The columns of ``types``.
  public enum TypeColumn: Int, Sendable { case id, symbol, name }

  /// The columns of ``groups``, ``groupNames``, ``platforms`` and ``options``.
  public enum NameColumn: Int, Sendable { case id, name }

  /// The jobs of each push that has some, in the order of their numbers.
  public let jobs: [Int64: RowTable]
  /// The types that occur.
  public let types: RowTable
  /// The symbols of the groups that occur.
  public let groups: RowTable
  /// The names of the groups that occur.
  public let groupNames: RowTable
  /// The platforms that occur.
  public let platforms: RowTable
  /// The sets of options that occur, their labels joined by spaces.
  public let options: RowTable

  /// A matrix of no jobs.
  init() {
    jobs = [:]
    (types, groups, groupNames, platforms, options) = (RowTable(), RowTable(), RowTable(), RowTable(), RowTable())
  }

  init(
    jobs: [Int64: RowTable], types: RowTable, groups: RowTable, groupNames: RowTable, platforms: RowTable,
    options: RowTable
  ) {
    self.jobs = jobs
    self.types = types
    self.groups = groups
    self.groupNames = groupNames
    self.platforms = platforms
    self.options = options
  }
}
