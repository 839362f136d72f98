/// Finds the first mistake in a JSON text, slowly and exactly.
///
/// It runs only for texts in which something is wrong or may be: simdjson says whether, this says
/// where. It builds nothing but the names of the objects that are open.
struct StrictScanner {
  /// A mistake, and the byte at which it begins.
  struct Problem: Error {
    let offset: Int
    let message: String
  }

  private enum Container {
    case array
    case object(names: Set<[UInt8]>)
  }

  let bytes: UnsafeRawBufferPointer
  let maximumDepth: Int
  let numbers: JSONNumberPolicy
  var position = 0
  /// The integers beyond 64 bits: their order among all numbers, from 0, and the byte behind them.
  private(set) var largeIntegers: [(order: Int, end: Int)] = []
  private var numberCount = 0
  private var open: [Container] = []

  init(bytes: UnsafeRawBufferPointer, maximumDepth: Int, numbers: JSONNumberPolicy) {
    self.bytes = bytes
    self.maximumDepth = maximumDepth
    self.numbers = numbers
  }

  /// Reads the whole text.
  ///
  /// - Throws: ``JSONSyntaxError`` for the first mistake in it.
  mutating func check() throws(JSONSyntaxError) {
    do throws(Problem) {
      try scan()
    } catch {
      throw JSONSyntaxError(in: bytes, byteOffset: error.offset, message: error.message)
    }
  }

  private mutating func scan() throws(Problem) {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      throw Problem(offset: 0, message: "a byte order mark does not belong before JSON text")
    }
    skipSpace()
    if position == bytes.count { throw Problem(offset: 0, message: "there is no JSON text") }
    repeat {
      try scanValueStart()
    } while try scanValueEnd()
    skipSpace()
    if position < bytes.count {
      throw Problem(
        offset: position, message: "there is more text after the end of the value")
    }
  }

  // Reads a scalar whole, or a container up to where its first value is asked.
  private mutating func scanValueStart() throws(Problem) {
    while true {
      skipSpace()
      switch peek {
      case 0x7B:
        try enter(.object(names: []))
        skipSpace()
        if peek == 0x7D { return }
        try scanName()
      case 0x5B:
        try enter(.array)
        skipSpace()
        if peek == 0x5D { return }
      case 0x22:
        _ = try scanString()
        return
      case let byte? where byte == 0x2D || (0x30...0x39).contains(byte):
        let isLarge = try scanNumber()
        if isLarge { largeIntegers.append((numberCount, position)) }
        numberCount += 1
        return
      case 0x74: return try scanLiteral("true")
      case 0x66: return try scanLiteral("false")
      case 0x6E: return try scanLiteral("null")
      default: throw unexpected("a value")
      }
    }
  }

  // Closes what ends after a value; true where another value follows.
  private mutating func scanValueEnd() throws(Problem) -> Bool {
    while let container = open.last {
      skipSpace()
      switch (container, peek) {
      case (.array, 0x5D), (.object, 0x7D):
        open.removeLast()
        position += 1
      case (.array, 0x2C):
        position += 1
        return true
      case (.object, 0x2C):
        position += 1
        skipSpace()
        try scanName()
        return true
      case (.array, _): throw unexpected("a comma or \"]\"")
      case (.object, _): throw unexpected("a comma or \"}\"")
      }
    }
    return false
  }

  private mutating func enter(_ container: Container) throws(Problem) {
    if open.count == maximumDepth {
      throw Problem(
        offset: position,
        message: "arrays and objects lie more than \(maximumDepth) deep in one another")
    }
    open.append(container)
    position += 1
  }

  private mutating func scanName() throws(Problem) {
    let start = position
    guard peek == 0x22 else { throw unexpected("a member's name in quotation marks") }
    let name = try scanString()
    if name.contains(0) {
      throw Problem(offset: start, message: "a member's name contains NUL")
    }
    if case .object(var names) = open.removeLast() {
      let isNew = names.insert(name).inserted
      open.append(.object(names: names))
      if !isNew {
        let shown = JSONExcerpt.quoted(name)
        throw Problem(
          offset: start, message: "the member \(shown) occurs twice in this object")
      }
    }
    skipSpace()
    guard peek == 0x3A else { throw unexpected("a colon") }
    position += 1
  }

  private mutating func scanLiteral(_ literal: StaticString) throws(Problem) {
    let start = position
    for offset in 0..<literal.utf8CodeUnitCount {
      guard peek == literal.utf8Start[offset] else {
        throw Problem(offset: start, message: "only true, false and null are words of JSON")
      }
      position += 1
    }
    if let next = peek, Self.isWordByte(next) {
      throw Problem(offset: start, message: "only true, false and null are words of JSON")
    }
  }

  static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
    default: false
    }
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  /// The byte at the position; nil at the end.
  var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  /// The mistake of finding anything else than what is asked at the position.
  func unexpected(_ asked: String) -> Problem {
    guard position < bytes.count else {
      return Problem(offset: position, message: "the text ends where \(asked) is asked")
    }
    let found = JSONExcerpt.character(in: bytes, at: position)
    return Problem(offset: position, message: "\(asked) is asked here, and not \(found)")
  }
}
