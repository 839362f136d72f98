/// Whether the keyword `format` can make a document invalid.
public enum FormatPolicy: String, Sendable, CaseIterable {
  /// A string must have the format that is named. Unknown names are ignored.
  case assert
  /// The keyword only describes.
  case ignore
}
