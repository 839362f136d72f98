public import Foundation

/// A PostgreSQL for the tests of this process; it ends with the process.
public final class PrivatePostgreSQL: Sendable {
  /// The superuser, and the password.
  public static let user = "drover"

  /// The port.
  public let port: Int
  /// The folder with its data, its logs and its Unix socket.
  public let folder: URL
  private let script: Program
  private let keepAlive: FileHandle

  /// The one that nobody harms, started when first asked for.
  public static func shared() async throws -> PrivatePostgreSQL { try await starting.value }

  private static let starting = Task { try await PrivatePostgreSQL() }

  /// The one for tests that harm it in turn, started when first asked for.
  public static func faultable() async throws -> PrivatePostgreSQL { try await startingFaultable.value }

  private static let startingFaultable = Task { try await PrivatePostgreSQL() }

  /// Starts one more.
  init() async throws {
    folder = try Repository.temporaryFolder()
    let input = Pipe()
    let script = try Program(Self.scriptFile, ["hold", folder.path], from: input)
    self.script = script
    // The script stops the server when this end of the pipe goes, however this process ends.
    keepAlive = input.fileHandleForWriting

    try await eventually("the start of a private PostgreSQL", within: .seconds(120)) {
      try !script.isRunning || script.outputSoFar().firstRange(of: Data("ready\n".utf8)) != nil
    }
    let text = String(decoding: try script.outputSoFar(), as: UTF8.self)
    let line = text.split(separator: "\n").first { $0.hasPrefix("POSTGRESQL_PORT=") }
    guard text.contains("ready\n"), let port = line?.split(separator: "=").last.flatMap({ Int($0) }) else {
      throw DeadlinePassed(description: "the private PostgreSQL did not start: \(try script.errorsSoFar())")
    }
    self.port = port
  }

  /// Ends it before the process does, and waits until it is gone.
  public func stop() async throws {
    try keepAlive.close()
    let result = try await script.result(within: .seconds(60))
    guard result.status == 0 else { throw DeadlinePassed(description: "PostgreSQL did not stop: \(result.errors)") }
  }

  /// What starts and stops servers.
  static let scriptFile = Repository.root.appending(path: "scripts/private-postgresql")

  /// Makes a database of a name that no other test uses, and returns its URL.
  public func makeDatabase() async throws -> String {
    let name = "test_\(UUID().uuidString.prefix(8).lowercased())"
    try await query("create database \(name) template template0")
    return url(of: name)
  }

  /// A URL of this server.
  ///
  /// - Parameters:
  ///   - database: the database's name.
  ///   - port: another port that leads to the server.
  public func url(of database: String, password: String = user, port: Int? = nil) -> String {
    "postgresql://\(Self.user):\(password)@127.0.0.1:\(port ?? self.port)/\(database)"
  }

  /// Runs a statement in a database, the system's own by default, and returns the columns that it returns.
  @discardableResult
  public func query(_ statement: String, in database: String = "postgres") async throws -> String {
    try await run("query", ["-At", "-d", database, "-c", statement])
  }

  /// Runs the script for this server.
  @discardableResult
  func run(_ verb: String, _ arguments: [String] = []) async throws -> String {
    let result = try await Program(Self.scriptFile, [verb, folder.path] + arguments).result()
    guard result.status == 0 else {
      throw DeadlinePassed(description: "\(verb) \(arguments.joined(separator: " ")): \(result.errors)\(result.output)")
    }
    return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
