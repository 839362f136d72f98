public import Foundation

/// A TLS server on loopback: the `openssl` program, which prints what it receives and sends what it is told to.
public final class TLSPeer: Sendable {
  /// Where it listens.
  public let port: Int
  private let program: Program
  private let input = Pipe()
  private let writing = DispatchQueue(label: "TLSPeer.writing")

  /// Starts it on a free port; it serves one client after the other.
  ///
  /// - Parameters:
  ///   - identity: the certificate that it shows.
  ///   - arguments: more options of `openssl s_server`.
  public init(_ identity: TestCertificates.Identity, _ arguments: String...) async throws {
    // The limit is for a test process that dies without a word: the server would stay for ever.
    let program = try Program(
      URL(filePath: "/usr/bin/env"),
      [
        "timeout", "300", "openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", identity.certificate,
        "-key", identity.key,
      ] + arguments, from: input)
    self.program = program
    do {
      port = try await Self.port(of: program)
    } catch {
      program.send(SIGTERM)
      throw error
    }
  }

  deinit { program.sendToGroup(SIGKILL) }

  private static func port(of program: Program) async throws -> Int {
    var port: Int?
    try await eventually("the TLS server's start") {
      let text = String(decoding: try program.outputSoFar(), as: UTF8.self)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      // The last one may be written still.
      if let line = lines.dropLast().first(where: { $0.hasPrefix("ACCEPT") }) {
        port = line.split(separator: ":").last.flatMap { Int($0) }
        return true
      }
      guard program.isRunning else {
        throw DeadlinePassed(description: "the TLS server ended: \(try program.errorsSoFar())")
      }
      return false
    }
    guard let port else { throw DeadlinePassed(description: "the TLS server does not say its port") }
    return port
  }

  /// Has it send `bytes` to its client, or obey them where a piece of what it reads begins with one of its commands.
  public func send(_ bytes: [UInt8]) async throws {
    // Given something to send in its own part of the handshake, it waits afterwards for the client to send something.
    try await eventually("the end of the peer's handshake") { try output().range(of: Data("CIPHER is".utf8)) != nil }
    // A pipe holds less than the tests send at once.
    writing.async { [input] in
      Self.withoutBrokenPipe { try? input.fileHandleForWriting.write(contentsOf: Data(bytes)) }
    }
  }

  /// Does `body` with no SIGPIPE, for a peer that is killed while it is written to.
  private static func withoutBrokenPipe(_ body: () -> Void) {
    var signals = sigset_t()
    var before = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, &before)
    body()
    // It would come as soon as it is let in again.
    var now = timespec()
    while sigtimedwait(&signals, nil, &now) == SIGPIPE {}
    pthread_sigmask(SIG_SETMASK, &before, nil)
  }

  /// Has it close the connection once everything is sent, and say so in TLS.
  public func hangUp() { writing.async { [input] in try? input.fileHandleForWriting.close() } }

  /// What it has printed: a report on each connection, with what it received in between.
  public func output() throws -> Data { try program.outputSoFar() }

  /// What it has printed on standard error: changes of its state where it was started with `-state`, and what failed.
  public func errors() throws -> String { try program.errorsSoFar() }

  /// Makes it stand still, with its connections.
  public func freeze() { program.sendToGroup(SIGSTOP) }

  /// Makes it go on.
  public func thaw() { program.sendToGroup(SIGCONT) }

  /// Ends it with no word to anybody.
  public func kill() async throws {
    program.sendToGroup(SIGKILL)
    _ = try await program.result()
  }
}
