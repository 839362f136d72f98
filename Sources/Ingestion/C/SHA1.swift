import COpenSSL

extension String {
  /// The SHA-1 of the text's UTF-8 bytes, in hexadecimal: a name for what Treeherder names so, not a protection.
  var sha1: String {
    var text = self
    let digest = text.withUTF8 { bytes in
      [UInt8](unsafeUninitializedCapacity: Int(SHA_DIGEST_LENGTH)) { buffer, count in
        _ = SHA1(bytes.baseAddress, bytes.count, buffer.baseAddress)
        count = Int(SHA_DIGEST_LENGTH)
      }
    }
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
