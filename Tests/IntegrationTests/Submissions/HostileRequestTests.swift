import Foundation
import Support
import Testing

/// A round of `scripts/fuzz http`; its output names the seed that repeats it.
@Suite struct HostileRequestTests {
  @Test func theServerEnduresWhatNobodyWouldSend() async throws {
    let environment = ProcessInfo.processInfo.environment
    let program = try Program(
      URL(filePath: environment["DROVER_PYTHON"] ?? "/usr/bin/python3"),
      [
        Repository.root.appending(path: "Tests/HTTPFuzzing/fuzz.py").path,
        Repository.programs.appending(path: "drover").path, environment["DROVER_HTTP_FUZZ_COUNT"] ?? "4000",
      ] + (environment["DROVER_SEED"].map { [$0] } ?? []))
    let result = try await program.result(within: .seconds(300))
    #expect(result.status == 0, "\(result.output)\(result.errors)")
  }
}
