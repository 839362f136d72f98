import COpenSSL

/// Names a message by its content.
enum Digest {
  /// The SHA-256 of a message and of where it came from.
  static func of(_ exchange: String, _ routingKey: String, _ body: [UInt8]) -> [UInt8] {
    // A zero byte can be in neither name.
    let bytes = Array(exchange.utf8) + [0] + Array(routingKey.utf8) + [0] + body
    return [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { buffer, count in
      _ = SHA256(bytes, bytes.count, buffer.baseAddress)
      count = Int(SHA256_DIGEST_LENGTH)
    }
  }

  /// 64 bits that tell texts of one job apart, the same ones at all times: a key a tenth as long as the texts.
  static func short(_ texts: String...) -> Int64 {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(texts.reduce(0) { $0 + $1.utf8.count + 1 })
    for text in texts {
      bytes.append(contentsOf: text.utf8)
      // No text that can be stored has it.
      bytes.append(0)
    }
    return withUnsafeTemporaryAllocation(byteCount: Int(SHA_DIGEST_LENGTH), alignment: 8) { digest in
      _ = SHA1(bytes, bytes.count, digest.baseAddress?.assumingMemoryBound(to: UInt8.self))
      return Int64(bigEndian: digest.load(as: Int64.self))
    }
  }
}
