public import Foundation

/// A RabbitMQ for the tests of this process; it ends with the process.
public final class PrivateBroker: Sendable {
  /// The user that owns everything on it.
  public static let user = "drover"

  /// The port of AMQP.
  public let port: Int
  /// The port of the management API.
  public let managementPort: Int
  /// The port of AMQP over TLS, where its settings ask for that.
  public let tlsPort: Int?
  /// The folder with its data and its logs.
  public let folder: URL
  private let script: Program
  private let keepAlive: FileHandle

  /// The broker's URL.
  public var url: String { "amqp://\(Self.user):\(Self.user)@127.0.0.1:\(port)/" }

  /// The broker's URL for TLS.
  ///
  /// - Parameter parameters: the names and values of its query.
  public func tlsURL(_ parameters: KeyValuePairs<String, String>) throws -> String {
    guard let tlsPort else { throw DeadlinePassed(description: "the private broker does not listen with TLS") }
    let query = parameters.map { "\($0)=\($1)" }.joined(separator: "&")
    return "amqps://\(Self.user):\(Self.user)@127.0.0.1:\(tlsPort)/?\(query)"
  }

  /// The one broker of this process, started when first asked for; it also listens with TLS.
  public static func shared() async throws -> PrivateBroker { try await starting.value }

  private static let starting = Task {
    try await PrivateBroker(settings: TestCertificates.shared().brokerSettings(demandsClientCertificate: false))
  }

  /// Starts one more.
  ///
  /// - Parameter settings: further lines for its `rabbitmq.conf`.
  init(settings: String = "") async throws {
    folder = try Repository.temporaryFolder()
    let settingsFile = folder.appending(path: "settings")
    try Data(settings.utf8).write(to: settingsFile)
    let input = Pipe()
    let script = try Program(Self.scriptFile, ["hold", folder.path, settingsFile.path], from: input)
    self.script = script
    // The script stops the broker when this end of the pipe goes, however this process ends.
    keepAlive = input.fileHandleForWriting

    try await eventually("the start of a private broker", within: .seconds(120)) {
      try !script.isRunning || script.outputSoFar().firstRange(of: Data("ready\n".utf8)) != nil
    }
    let text = String(decoding: try script.outputSoFar(), as: UTF8.self)
    guard text.contains("ready\n") else {
      throw DeadlinePassed(description: "the private broker did not start: \(try script.errorsSoFar())")
    }
    func port(_ name: String) -> Int? {
      let line = text.split(separator: "\n").first { $0.hasPrefix("\(name)=") }
      return line?.split(separator: "=").last.flatMap { Int($0) }
    }
    guard let amqp = port("AMQP_PORT"), let management = port("MANAGEMENT_PORT") else {
      throw DeadlinePassed(description: "the private broker does not say its ports")
    }
    self.port = amqp
    managementPort = management
    tlsPort = port("AMQPS_PORT")
  }

  /// Ends it before the process does, and waits until it is gone.
  func stop() async throws {
    try keepAlive.close()
    let result = try await script.result(within: .seconds(60))
    guard result.status == 0 else { throw DeadlinePassed(description: "the broker did not stop: \(result.errors)") }
  }

  /// What starts and stops brokers.
  static let scriptFile = Repository.root.appending(path: "scripts/private-broker")

  /// A name that no other test uses.
  public static func uniqueName(_ prefix: String) -> String { "\(prefix)-\(UUID().uuidString.prefix(8).lowercased())" }
}
