/// Something in a store that whoever shows it will want to ask for again.
public enum StoreChange: Sendable, Hashable {
  /// Pushes of a repository, or jobs in them, are new or other than they were.
  case pushes([Int64], repository: Int64)
  /// Anything may have changed: nobody was listening for a moment.
  case anything
}
