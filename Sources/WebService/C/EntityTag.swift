import COpenSSL

/// Names an answer by its content.
enum EntityTag {
  /// A strong validator: half of the content's SHA-256 in hexadecimal, in quotes.
  static func of(_ content: [UInt8]) -> String {
    let digest = [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { buffer, count in
      _ = SHA256(content, content.count, buffer.baseAddress)
      count = Int(SHA256_DIGEST_LENGTH)
    }
    return String(unsafeUninitializedCapacity: 34) { letters in
      letters[0] = UInt8(ascii: "\"")
      for (index, byte) in digest.prefix(16).enumerated() {
        letters[1 + 2 * index] = hexDigit(byte >> 4)
        letters[2 + 2 * index] = hexDigit(byte & 15)
      }
      letters[33] = UInt8(ascii: "\"")
      return 34
    }
  }

  private static func hexDigit(_ value: UInt8) -> UInt8 { value + (value < 10 ? UInt8(ascii: "0") : 87) }
}
