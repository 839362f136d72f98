import Foundation
import Support
import Testing

@testable import JobStore

@Suite struct StoreURLTests {
  @Test func aPathIsRead() throws {
    #expect(try StoreURL("sqlite:/var/lib/jobs.db") == .sqlite(path: "/var/lib/jobs.db"))
  }

  @Test func aServerIsShownWithoutItsPassword() throws {
    let url = try StoreURL("postgresql://me:secret@db.example/jobs?sslmode=require")
    #expect("\(url)" == "postgresql://db.example/jobs")
  }

  @Test(arguments: ["", "sqlite", "sqlite:", "sqlite://a.db", "sqlite::memory:", "mysql://u:secret@h/d"])
  func anythingElseIsRefusedWithoutRepeatingIt(_ text: String) {
    let error = #expect(throws: StoreError.self) { try StoreURL(text) }
    #expect(error?.code == .invalidURL)
    #expect(error?.description.contains("secret") == false)
  }

  @Test func aStoreThatMustExistIsNotMade() throws {
    let path = try Repository.temporaryFolder().appending(path: "none.db").path
    #expect(throws: StoreError.self) { try StoreURL("sqlite:\(path)").open(mustExist: true) }
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
