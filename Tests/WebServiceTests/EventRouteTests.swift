import AsyncHTTPClient
import Foundation
import JobStore
import NIOCore
import NIOHTTP1
import Support
import Testing

@testable import WebService

@Suite struct EventRouteTests {
  /// Reads the events of a project as they come.
  private func listening(
    _ service: TestService, project: String = "orchard",
    _ body: (inout HTTPClientResponse.Body.AsyncIterator) async throws -> Void
  ) async throws {
    let client = HTTPClient(eventLoopGroupProvider: .singleton)
    do {
      let request = HTTPClientRequest(url: "http://\(service.address)/events?project=\(project)")
      let response = try await client.execute(request, timeout: .seconds(60))
      #expect(response.headers.first(name: "Content-Type") == "text/event-stream")
      var parts = response.body.makeAsyncIterator()
      try await body(&parts)
      try await client.shutdown()
    } catch {
      try await client.shutdown()
      throw error
    }
  }

  /// What has come by the time that `text` has.
  private func read(_ parts: inout HTTPClientResponse.Body.AsyncIterator, until text: String) async throws -> String {
    var all = ""
    while !all.contains(text), let part = try await parts.next() { all += String(buffer: part) }
    #expect(all.contains(text), "\(all)")
    return all
  }

  @Test(arguments: Backend.allCases)
  func changesOfAProjectAreToldToThoseWhoWatchIt(_ backend: Backend) async throws {
    try await TestService.run(backend) { service in
      try await service.ingest([
        TestService.message("a"),
        TestService.message("p", revision: String(TestService.revision.reversed()), project: "pasture"),
      ])
      let push = try await service.id("push")
      try await listening(service) { parts in
        _ = try await read(&parts, until: "data: {}\n\n")
        // Another project's are not for these ears.
        try await service.ingest([
          TestService.message("q", revision: String(TestService.revision.reversed()), project: "pasture")
        ])
        try await service.ingest([TestService.message("b")])
        let told = try await read(&parts, until: "}\n\n")
        #expect(told.hasSuffix("event: changed\ndata: {\"pushes\":[\(push)]}\n\n"), "\(told)")
        #expect(!told.contains("{}"))
      }
    }
  }

  @Test func whoComesLaterIsToldTheSame() async throws {
    try await TestService.run(.sqlite) { service in
      try await service.ingest([TestService.message("a")])
      try await listening(service) { first in
        _ = try await read(&first, until: "data: {}\n\n")
        var parts = first
        try await listening(service) { second in
          _ = try await read(&second, until: "retry")
          try await service.ingest([TestService.message("b")])
          _ = try await read(&second, until: "\"pushes\"")
          _ = try await read(&parts, until: "\"pushes\"")
        }
      }
    }
  }

  @Test func everybodyHearsOfEveryPush() async throws {
    try await TestService.run(.sqlite) { service in
      try await service.ingest([TestService.message("a")])
      let (arrivals, arrive) = AsyncStream.makeStream(of: Void.self)
      try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<50 {
          group.addTask {
            var heard: Set<Substring> = []
            try await listening(service) { parts in
              var text = try await read(&parts, until: "retry")
              arrive.yield()
              while heard.count < 30, let part = try await parts.next() {
                text += String(buffer: part)
                for event in text.matches(of: /"pushes":\[([0-9,]+)\]/) {
                  heard.formUnion(event.1.split(separator: ","))
                }
              }
            }
            return heard.count
          }
        }
        var waiting = arrivals.makeAsyncIterator()
        for _ in 0..<50 { await waiting.next() }
        for batch in 0..<10 {
          try await service.ingest(
            (0..<3).map { number in
              let digits = String(format: "%02d", batch * 3 + number)
              return TestService.message("b\(digits)", revision: digits + TestService.revision.dropFirst(2))
            })
        }
        for try await count in group { #expect(count == 30) }
      }
    }
  }

  @Test func aProjectThatNobodyKnowsIsNotFound() async throws {
    try await TestService.run(.sqlite) { service in
      let unknown = try await service.get("/events?project=nowhere")
      #expect(unknown.status == 404)
      let unnamed = try await service.get("/events")
      #expect(unnamed.status == 400)
    }
  }

  @Test func aServerThatEndsDoesNotWaitForThoseWhoListen() async throws {
    let (services, hand) = AsyncStream.makeStream(of: TestService.self)
    let (arrivals, arrive) = AsyncStream.makeStream(of: Void.self)
    let listening = Task {
      for await service in services {
        try await self.listening(service) { parts in
          _ = try await read(&parts, until: "data: {}\n\n")
          arrive.finish()
          while try await parts.next() != nil {}
        }
        break
      }
    }
    try await TestService.run(.sqlite) { service in
      try await service.ingest([TestService.message("a")])
      hand.yield(service)
      for await _ in arrivals {}
    }
    // The answer was brought to its end, not broken off.
    try await listening.value
  }
}
