import Foundation

/// Files that a command needs whole: a schema, a list of exchanges.
public enum FileText {
  /// The file's bytes.
  ///
  /// - Throws: ``CommandFailure`` for wrong usage, which names the file.
  public static func read(_ path: String, what: String) throws -> [UInt8] {
    do {
      return Array(try Data(contentsOf: URL(filePath: path)))
    } catch {
      let reason = (error as NSError).userInfo[NSUnderlyingErrorKey].map { "\($0)" } ?? error.localizedDescription
      throw CommandFailure(.wrongUsage, "\(path): \(what) cannot be read: \(reason)")
    }
  }
}
