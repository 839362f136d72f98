/// A list of what jobs refer to, ordered by number; a row begins with it.
public enum ReferenceList: Sendable, CaseIterable {
  /// Number, name, whether its jobs are stored: 1 or 0.
  case repositories
  /// Number and name.
  case products
  /// Number and name.
  case machines
  /// Number, operating system, platform, architecture: of machines and builds alike.
  case platforms
  /// Number and symbol.
  case jobGroups
  /// Number, symbol, name.
  case jobTypes
  /// Number, hash, labels joined by spaces.
  case optionCollections

  /// How many rows are returned at most.
  public static let maximumCount = 100_000

  var statement: SQLStatement {
    let text =
      switch self {
      case .repositories: "id, name, is_active from repository"
      case .products: "id, name from product"
      case .machines: "id, name from machine"
      case .platforms: "id, os, platform, architecture from platform"
      case .jobGroups: "id, symbol from job_group"
      case .jobTypes: "id, symbol, name from job_type"
      case .optionCollections: "id, hash, options from option_collection"
      }
    return SQLStatement("select \(text) order by id limit \(Self.maximumCount)")
  }
}
