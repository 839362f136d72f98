import JSON
import JSONSchema

// Everything that takes bytes from outside: the first byte says which part is tried.
//
// Beside crashes these are found wrong: text that one of the parser and its scanner takes and the other
// refuses, a document that does not come back from its own text, a verdict that differs from the
// list of errors, and an enormous number of documents from a small stream.

private nonisolated(unsafe) let parser = JSONParser()
private nonisolated(unsafe) let validators = FuzzSchemas.compile().map(Validator.init)

private func check(_ holds: Bool, _ what: StaticString) {
  if !holds { fatalError("\(what)") }
}

private func tryParser(_ bytes: [UInt8]) {
  do {
    try parser.withDocument(of: bytes) { value in
      let text = value.text()
      try JSONParser().withDocument(of: Array(text.utf8)) { again in
        check(again.text() == text, "a document differs from its own text")
      }
      for validator in validators {
        let errors = validator.schema.validate(value)
        check(validator.schema.isValid(value) == errors.isEmpty, "verdict and errors differ")
        for error in errors { check(!error.description.isEmpty, "an error says nothing") }
      }
    }
  } catch let error as JSONSyntaxError {
    check(error.line > 0 && error.column > 0, "an error has no place")
    check(error.byteOffset <= bytes.count, "an error lies outside the text")
    // simdjson's own words mean that the scanner found nothing wrong.
    check(!error.message.contains("simdjson"), "parser and scanner disagree")
    check(error.message.first?.isUppercase != true, "parser and scanner disagree")
  } catch {
    check(false, "an error of another kind")
  }
}

private func trySplitter(_ bytes: [UInt8], _ layout: DocumentSplitter.Layout, chunk: Int) -> [String] {
  var splitter = DocumentSplitter(layout: layout, maximumDocumentBytes: 64)
  var found: [String] = []
  func drain() {
    while let document = splitter.next() {
      check(document.line > 0 && document.bytes.count <= 64, "a document is out of bounds")
      found.append("\(document.line) \(document.bytes) \(document.problem ?? "")")
    }
  }
  var rest = bytes[...]
  while !rest.isEmpty {
    Array(rest.prefix(chunk)).withUnsafeBytes { splitter.append($0) }
    rest = rest.dropFirst(chunk)
    drain()
  }
  splitter.finish()
  drain()
  check(found.count <= 2 * bytes.count + 1, "more documents than bytes")
  return found
}

private func trySchema(_ bytes: [UInt8]) {
  guard let schema = try? Schema.compile(bytes, formats: .assert) else { return }
  for document in FuzzSchemas.documents {
    try? JSONParser().withDocument(of: Array(document.utf8)) { value in
      check(schema.isValid(value) == schema.validate(value).isEmpty, "verdict and errors differ")
    }
  }
}

private func tryPattern(_ bytes: [UInt8]) {
  let parts = bytes.split(separator: 0, maxSplits: 1)
  guard parts.count == 2, let pattern = String(validating: parts[0], as: UTF8.self),
    let subject = String(validating: parts[1], as: UTF8.self)
  else { return }
  FuzzSchemas.checkEngines(pattern, subject)
}

private typealias Target = @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt

@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ target: Target
) -> CInt

@main
enum Fuzz {
  static func main() {
    var count = CommandLine.argc
    var arguments = CommandLine.unsafeArgv
    _ = runFuzzer(&count, &arguments) { fuzz($0, $1) }
  }
}

private func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  guard let first = input.first else { return 0 }
  let bytes = Array(input.dropFirst())
  switch first {
  case 0x30: trySchema(bytes)
  case 0x31: tryPattern(bytes)
  case 0x32:
    for layout in [DocumentSplitter.Layout.lines, .values] {
      let whole = trySplitter(bytes, layout, chunk: .max)
      check(trySplitter(bytes, layout, chunk: 1) == whole, "chunks change the documents")
    }
  default: tryParser(bytes)
  }
  return 0
}
