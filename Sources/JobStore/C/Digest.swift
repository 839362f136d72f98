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
}
