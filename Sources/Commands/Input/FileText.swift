/// Files that a command needs whole: a schema, a list of exchanges.
public enum FileText {
  /// The file's bytes.
  ///
  /// - Throws: ``CommandFailure`` for wrong usage, which names the file.
  public static func read(_ path: String, what: String) throws -> [UInt8] {
    do {
      var file = try JobFile(path: path)
      defer { file.close() }
      var text: [UInt8] = []
      while true {
        let piece = try file.read()
        if piece.isEmpty { return text }
        text += piece
      }
    } catch let failure as CommandFailure {
      throw CommandFailure(.wrongUsage, "\(what) cannot be read: \(failure)")
    }
  }
}
