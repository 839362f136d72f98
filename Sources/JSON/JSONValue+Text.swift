extension JSONValue {
  /// This value as JSON text without any white space, in the order of the document.
  ///
  /// Characters beyond ASCII stay as they are; only what must be escaped is.
  public func text() -> String {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends this value as JSON text without any white space to a buffer.
  public func append(to bytes: inout [UInt8]) {
    switch tape.tag(at: index) {
    case JSONTag.isTrue: bytes.append(contentsOf: "true".utf8)
    case JSONTag.isFalse: bytes.append(contentsOf: "false".utf8)
    case JSONTag.integer: bytes.append(contentsOf: tape.integer(at: index).description.utf8)
    case JSONTag.unsigned: bytes.append(contentsOf: tape.unsigned(at: index).description.utf8)
    case JSONTag.double, JSONTag.largeInteger:
      bytes.append(contentsOf: tape.double(at: index).description.utf8)
    case JSONTag.string: Self.append(quoted: tape.string(at: index), to: &bytes)
    case JSONTag.array:
      bytes.append(0x5B)
      var separates = false
      for element in JSONElements(tape: tape, index: index) {
        if separates { bytes.append(0x2C) }
        separates = true
        element.append(to: &bytes)
      }
      bytes.append(0x5D)
    case JSONTag.object:
      bytes.append(0x7B)
      var separates = false
      for member in JSONMembers(tape: tape, index: index) {
        if separates { bytes.append(0x2C) }
        separates = true
        Self.append(quoted: member.key.bytes, to: &bytes)
        bytes.append(0x3A)
        member.value.append(to: &bytes)
      }
      bytes.append(0x7D)
    default: bytes.append(contentsOf: "null".utf8)
    }
  }

  /// Appends a string as JSON text, with its quotation marks.
  package static func append(quoted string: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    bytes.append(0x22)
    for byte in string {
      switch byte {
      case 0x22, 0x5C:
        bytes.append(0x5C)
        bytes.append(byte)
      case 0x0A: bytes.append(contentsOf: [0x5C, 0x6E])
      case 0x0D: bytes.append(contentsOf: [0x5C, 0x72])
      case 0x09: bytes.append(contentsOf: [0x5C, 0x74])
      case ..<0x20:
        bytes.append(contentsOf: "\\u00".utf8)
        bytes.append(digits[Int(byte >> 4)])
        bytes.append(digits[Int(byte & 15)])
      default: bytes.append(byte)
      }
    }
    bytes.append(0x22)
  }
}
