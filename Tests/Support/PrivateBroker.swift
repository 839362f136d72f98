public import Foundation

/// A RabbitMQ for the tests of this process; it ends with the process.
public final class PrivateBroker: Sendable {
  /// The user that owns everything on it.
  public static let user = "drover"

  /// The port of AMQP.
  public let port: Int
  /// The port of the management API.
  public let managementPort: Int
  /// The folder with its data and its logs.
  public let folder: URL
  private let keepAlive: FileHandle

  /// The broker's URL.
  public var url: String { "amqp://\(Self.user):\(Self.user)@127.0.0.1:\(port)/" }

  /// The one broker of this process, started when first asked for.
  public static func shared() async throws -> PrivateBroker { try await starting.value }

  private static let starting = Task { try PrivateBroker() }

  private init() throws {
    folder = try Repository.temporaryFolder()
    let process = Process()
    let input = Pipe()
    let output = Pipe()
    process.executableURL = Repository.root.appending(path: "scripts/private-broker")
    process.arguments = ["hold", folder.path]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    // The script stops the broker when this end of the pipe goes, however this process ends.
    keepAlive = input.fileHandleForWriting

    var text = ""
    while !text.contains("ready\n") {
      let data = output.fileHandleForReading.availableData
      guard !data.isEmpty else { throw DeadlinePassed(description: "the private broker did not start: \(text)") }
      text += String(decoding: data, as: UTF8.self)
    }
    func port(_ name: String) throws -> Int {
      let line = text.split(separator: "\n").first { $0.hasPrefix("\(name)=") }
      guard let port = line?.split(separator: "=").last.flatMap({ Int($0) }) else {
        throw DeadlinePassed(description: "the private broker does not say its \(name)")
      }
      return port
    }
    self.port = try port("AMQP_PORT")
    managementPort = try port("MANAGEMENT_PORT")
  }

  /// A name that no other test uses.
  public static func uniqueName(_ prefix: String) -> String { "\(prefix)-\(UUID().uuidString.prefix(8).lowercased())" }
}
