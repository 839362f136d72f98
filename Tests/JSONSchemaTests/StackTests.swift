import Foundation
import JSON
import JSONSchema
import Testing

@Suite("The stack")
struct StackTests {
  /// Runs something on a thread of its own with a stack of the usual size.
  private static func onThread(_ body: @escaping @Sendable () -> Void) {
    let finished = DispatchSemaphore(value: 0)
    let thread = Thread {
      body()
      finished.signal()
    }
    thread.stackSize = 8 << 20
    thread.start()
    finished.wait()
  }

  @Test("the deepest document through the longest way of schemas fits it")
  func evaluation() throws {
    // As many schemas as may apply to one value through one another, at each of 256 levels.
    let links = (0..<10).map { "\"d\($0)\": {\"allOf\": [{\"$ref\": \"#/definitions/d\($0 + 1)\"}]}" }
    let last = "\"d10\": {\"type\": \"array\", \"items\": {\"$ref\": \"#\"}}"
    let schema =
      "{\"definitions\": {\(links.joined(separator: ",")), \(last)}, \"allOf\": [{\"$ref\": \"#/definitions/d0\"}]}"
    let compiled = try Schema.compile(Array(schema.utf8))
    for leaf in ["", "1"] {
      let deep = String(repeating: "[", count: 256) + leaf + String(repeating: "]", count: 256)
      Self.onThread {
        let errors = try? Validator(compiled).validate(Array(deep.utf8))
        #expect(errors?.isEmpty == leaf.isEmpty)
      }
    }
  }

  @Test("the deepest schema fits it")
  func compilation() {
    let nested = String(repeating: #"{"items":"#, count: 255) + "{}" + String(repeating: "}", count: 255)
    let links = (0..<390).map { "\"d\($0)\": {\"items\": {\"$ref\": \"#/definitions/d\($0 + 1)\"}}" }
    let chain = "{\"definitions\": {\(links.joined(separator: ",")), \"d390\": {}}}"
    Self.onThread {
      #expect(throws: Never.self) { try Schema.compile(Array(nested.utf8)) }
      #expect(throws: SchemaError.self) { try Schema.compile(Array(chain.utf8)) }
    }
  }
}
