public import Foundation

/// Where things are in the checkout that the tests were built from.
public enum Repository {
  /// The top folder.
  public static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The folder of the sample jobs.
  public static let samples = root.appending(path: "scripts/samples")

  /// The folder that holds the programs that were built with the tests.
  public static var programs: URL {
    URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
  }

  /// A new folder for a test's files, under the one that the test script removes in the end.
  public static func temporaryFolder() throws -> URL {
    let base =
      ProcessInfo.processInfo.environment["DROVER_TEST_FOLDER"].map { URL(filePath: $0) }
      ?? FileManager.default.temporaryDirectory
    let folder = base.appending(path: "drover-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }
}
