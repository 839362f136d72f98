import CSimdJSON

/// Parses JSON text strictly, as RFC 8259 has it, and gives a view over the result.
///
/// Refused with the place of the mistake, beside every fault of syntax: bytes that are no UTF-8, lone
/// surrogates, a member that occurs twice in one object, a NUL in a member's name, integers beyond 64
/// bits and numbers beyond a double's range, and nesting deeper than the parser was made for.
///
/// A parser keeps its buffers for the next document. It belongs to one task at a time.
public final class JSONParser {
  /// How many bytes behind a document must be readable to parse it where it lies.
  public static let padding = csimdjson_padding()

  /// How deep arrays and objects may lie inside one another.
  public let maximumDepth: Int

  private let numbers: JSONNumberPolicy
  // Made with the first document, so that the initializer has nothing that can fail.
  private var native: OpaquePointer?
  private var copy = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var isBusy = false

  // Larger buffers than this are given back after the document that needed them.
  private static let keptCapacity = 4 << 20

  /// Makes a parser; its buffers come with the first document.
  ///
  /// - Parameters:
  ///   - maximumDepth: How deep arrays and objects may lie inside one another, at least 1.
  ///   - numbers: What becomes of integers beyond 64 bits.
  public init(maximumDepth: Int = 256, numbers: JSONNumberPolicy = .strict) {
    self.maximumDepth = max(1, maximumDepth)
    self.numbers = numbers
  }

  deinit {
    csimdjson_destroy(native)
    copy.deallocate()
  }

  /// Parses a copy of some bytes and hands the root value to a closure.
  ///
  /// - Parameters:
  ///   - bytes: One JSON text, without a byte order mark. Nothing behind them is read.
  ///   - body: Receives the root value, which must not leave the closure.
  /// - Throws: ``JSONSyntaxError`` for text that is not strict JSON, and what `body` throws.
  public func withDocument<R>(
    of bytes: UnsafeRawBufferPointer, _ body: (JSONValue) throws -> R
  ) throws -> R {
    if isBusy { return try fresh().withDocument(of: bytes, body) }
    if copy.count < bytes.count + Self.padding {
      copy.deallocate()
      copy = .allocate(
        byteCount: max(4096, bytes.count + bytes.count / 2) + Self.padding, alignment: 64)
    }
    copy.copyMemory(from: bytes)
    return try withDocument(
      ofPadded: UnsafeRawBufferPointer(rebasing: copy[..<bytes.count]), body)
  }

  /// Parses a copy of some bytes and hands the root value to a closure.
  ///
  /// - Parameters:
  ///   - bytes: One JSON text, without a byte order mark.
  ///   - body: Receives the root value, which must not leave the closure.
  /// - Throws: ``JSONSyntaxError`` for text that is not strict JSON, and what `body` throws.
  public func withDocument<R>(
    of bytes: [UInt8], _ body: (JSONValue) throws -> R
  ) throws -> R {
    try bytes.withUnsafeBytes { try withDocument(of: $0, body) }
  }

  /// Parses bytes where they lie and hands the root value to a closure.
  ///
  /// - Parameters:
  ///   - bytes: One JSON text, behind which ``padding`` more bytes can be read, whatever they are.
  ///   - body: Receives the root value, which must not leave the closure.
  /// - Throws: ``JSONSyntaxError`` for text that is not strict JSON, and what `body` throws.
  public func withDocument<R>(
    ofPadded bytes: UnsafeRawBufferPointer, _ body: (JSONValue) throws -> R
  ) throws -> R {
    if isBusy { return try fresh().withDocument(ofPadded: bytes, body) }
    isBusy = true
    defer { finishDocument() }
    let tape = try parse(bytes)
    return try body(JSONValue(tape: tape, index: JSONTape.rootIndex))
  }

  // A document inside another document's closure may not take the buffers away from it.
  private func fresh() -> JSONParser { JSONParser(maximumDepth: maximumDepth, numbers: numbers) }

  private func finishDocument() {
    isBusy = false
    if let native, csimdjson_capacity(native) > Self.keptCapacity {
      csimdjson_destroy(native)
      self.native = nil
    }
    if copy.count > Self.keptCapacity {
      copy.deallocate()
      copy = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    }
  }

  private func parse(_ bytes: UnsafeRawBufferPointer) throws -> JSONTape {
    if native == nil { native = csimdjson_create() }
    guard let native else { throw JSONSyntaxError.outOfMemory }
    switch read(bytes, native) {
    case .success(let tape):
      // simdjson lets lone surrogates, a NUL in a name, repeated members and some depth pass.
      if EscapeCheck.isSuspicious(bytes) || tape.needsSecondLook(maximumDepth: maximumDepth) {
        var scanner = scanner(bytes)
        try scanner.check()
      }
      return tape
    case .failure(let failure):
      var scanner = scanner(bytes)
      try scanner.check()
      if !scanner.largeIntegers.isEmpty,
        let tape = readRounded(bytes, scanner.largeIntegers, native)
      {
        return tape
      }
      throw JSONSyntaxError(
        line: 1, column: 1, byteOffset: 0,
        message: String(cString: csimdjson_message(failure.code)))
    }
  }

  private func scanner(_ bytes: UnsafeRawBufferPointer) -> StrictScanner {
    StrictScanner(bytes: bytes, maximumDepth: maximumDepth, numbers: numbers)
  }

  private struct Failure: Error {
    let code: Int32
  }

  private func read(
    _ bytes: UnsafeRawBufferPointer, _ native: OpaquePointer
  ) -> Result<JSONTape, Failure> {
    // Nothing at all has no address that could be read.
    guard let start = bytes.baseAddress, bytes.count > 0 else {
      return .failure(Failure(code: -1))
    }
    var document = csimdjson_document()
    // simdjson counts the text itself as a level.
    let code = csimdjson_parse(
      native, start.assumingMemoryBound(to: UInt8.self), bytes.count, maximumDepth + 1,
      &document)
    guard code == 0, let words = document.tape, let strings = document.strings else {
      return .failure(Failure(code: code))
    }
    return .success(JSONTape(words: words, strings: strings))
  }

  // simdjson takes integers beyond 64 bits once they end in a fraction; the tape then remembers
  // that they had none.
  private func readRounded(
    _ bytes: UnsafeRawBufferPointer, _ integers: [(order: Int, end: Int)],
    _ native: OpaquePointer
  ) -> JSONTape? {
    var text: [UInt8] = []
    var start = 0
    for integer in integers {
      text += bytes[start..<integer.end]
      text += [0x2E, 0x30]
      start = integer.end
    }
    text += bytes[start...]
    let count = text.count
    text += [UInt8](repeating: 0, count: Self.padding)
    let result = text.withUnsafeBytes {
      read(UnsafeRawBufferPointer(rebasing: $0[..<count]), native)
    }
    guard case .success(let tape) = result else { return nil }
    tape.markLargeIntegers(Set(integers.map(\.order)))
    return tape
  }
}
