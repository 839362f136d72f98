import ArgumentParser
import Commands
import Foundation
import JobStore

struct Credentials: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says who may submit over HTTP, and for which projects.",
    discussion: """
      A client signs what it submits with its secret, by Hawk or by two-legged OAuth.

        drover credentials create ci.example.org --project orchard --store sqlite:jobs.db
      """,
    subcommands: [Create.self, List.self, Revoke.self])
}

extension Credentials {
  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes a secret for a client and prints it, this once.",
      discussion: """
        The secret is kept in the store, since signatures are checked with it: whoever reads the store can sign. The \
        projects become repositories where they are none, and the store is made where there is none.

          drover credentials create ci.example.org --project orchard pasture --store sqlite:jobs.db
        """)

    @OptionGroup var client: ClientName

    @Option(parsing: .upToNextOption, help: "The projects that the client may write; several may follow.")
    var project: [String]

    @OptionGroup var store: StoreOptions

    func validate() throws {
      guard !project.isEmpty else { throw ValidationError("--project asks for the name of a project") }
      try RepositoryNames.check(project)
    }

    func run() async throws {
      let secret = Self.makeSecret()
      let isMade = try await store.withStore(mustExist: false) { store in
        try await store.createCredential(
          clientID: client.clientID, secret: secret, projects: project, time: .now)
      }
      guard isMade else {
        Console.report(
          """
          \(client.clientID) has a secret, which is not shown again: drover credentials revoke \(client.clientID) \
          ends it
          """)
        throw ExitStatus.inputRefused
      }
      Console.print(secret)
      Console.note("this secret of \(client.clientID) is not shown again")
    }

    /// 256 bits of the system's randomness, as many as the key of HMAC-SHA256 can use, in the alphabet of URLs.
    private static func makeSecret() -> String {
      var generator = SystemRandomNumberGenerator()
      let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
      return Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
        "=", with: "")
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints a line for each client, by name.",
      discussion: """
        With --output json an object for each.

          drover credentials list --store sqlite:jobs.db
        """)

    @Option(help: "What is printed: text or json.")
    var output = ListFormat.text

    @OptionGroup var store: StoreOptions

    func run() async throws {
      let credentials = try await store.withStore { try await $0.credentials() }
      switch output {
      case .text:
        var table = TextTable(["CLIENT", "PROJECTS", "CREATED", "REVOKED"])
        let rows = credentials.map {
          [$0.clientID, $0.projects.joined(separator: " "), $0.createdTime.asTime, $0.revokedTime?.asTime ?? ""]
        }
        for line in table.lines(for: rows) where !rows.isEmpty { Console.print(line) }
      case .json:
        for credential in credentials { Console.printJSON(Line(credential)) }
      }
      Console.note("\(credentials.count) clients, \(credentials.count { $0.revokedTime != nil }) of them revoked")
    }

    private struct Line: Encodable {
      let client: String
      let projects: [String]
      let created: String
      let revoked: String?

      init(_ credential: CredentialRecord) {
        (client, projects) = (credential.clientID, credential.projects)
        (created, revoked) = (credential.createdTime.asTime, credential.revokedTime?.asTime)
      }
    }
  }

  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Ends a client's secret.",
      discussion: """
        A server that runs accepts nothing more that is signed with it. The client can be given another one.

          drover credentials revoke ci.example.org --store sqlite:jobs.db
        """)

    @OptionGroup var client: ClientName
    @OptionGroup var store: StoreOptions

    func run() async throws {
      let isRevoked = try await store.withStore {
        try await $0.revokeCredential(clientID: client.clientID, time: .now)
      }
      guard isRevoked else {
        Console.report("\(client.clientID) has no secret that could be revoked: drover credentials list")
        throw ExitStatus.inputRefused
      }
      Console.note("\(client.clientID) can submit nothing more")
    }
  }
}

/// The client that a command is about.
struct ClientName: ParsableArguments {
  @Argument(help: ArgumentHelp("What the client is known by.", valueName: "client-id"))
  var clientID: String

  func validate() throws {
    // What both kinds of signatures can carry as it is.
    guard clientID.wholeMatch(of: /[A-Za-z0-9._@+:\/-]{1,100}/) != nil else {
      throw ValidationError(
        "\"\(clientID.visible())\" is no client's name: up to 100 letters, digits and . _ @ + : / - are asked")
    }
  }
}

extension Int64 {
  /// Milliseconds since 1970-01-01 00:00:00 UTC.
  fileprivate static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }
}
