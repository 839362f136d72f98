/// What is killed, with signal 9, and started again.
enum IngestionFault: String, CaseIterable, CustomStringConvertible {
  case listener, broker, database

  var description: String { rawValue }
}
