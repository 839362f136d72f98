import COpenSSL

extension String {
  /// The SHA-1 of the text's UTF-8 bytes, in hexadecimal: a name for what Treeherder names so, not a protection.
  var sha1: String {
    var text = self
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Int(SHA_DIGEST_LENGTH)) { digest in
      text.withUTF8 { _ = SHA1($0.baseAddress, $0.count, digest.baseAddress) }
      return String(unsafeUninitializedCapacity: 2 * digest.count) { letters in
        for (index, byte) in digest.enumerated() {
          letters[2 * index] = (byte >> 4).hexDigit
          letters[2 * index + 1] = (byte & 15).hexDigit
        }
        return 2 * digest.count
      }
    }
  }
}

extension UInt8 {
  /// The digit of a number below 16.
  fileprivate var hexDigit: UInt8 { self < 10 ? UInt8(ascii: "0") + self : UInt8(ascii: "a") + self - 10 }
}
