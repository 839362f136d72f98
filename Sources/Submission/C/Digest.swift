import COpenSSL

/// Hashes and their comparison, as libcrypto computes them.
enum Digest {
  static func sha1(_ bytes: [UInt8]) -> [UInt8] {
    digest(ofSize: Int(SHA_DIGEST_LENGTH)) { _ = SHA1(bytes, bytes.count, $0) }
  }

  static func sha256(_ bytes: [UInt8]) -> [UInt8] {
    digest(ofSize: Int(SHA256_DIGEST_LENGTH)) { _ = SHA256(bytes, bytes.count, $0) }
  }

  static func hmacSHA1(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    hmac(EVP_sha1(), ofSize: Int(SHA_DIGEST_LENGTH), key: key, message)
  }

  static func hmacSHA256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    hmac(EVP_sha256(), ofSize: Int(SHA256_DIGEST_LENGTH), key: key, message)
  }

  /// Whether both texts have the same bytes; the time it takes tells no more than whether their lengths differ.
  static func areEqual(_ one: String, _ other: String) -> Bool {
    let (one, other) = (Array(one.utf8), Array(other.utf8))
    return one.count == other.count && CRYPTO_memcmp(one, other, one.count) == 0
  }

  private static func hmac(_ hash: OpaquePointer?, ofSize size: Int, key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    // An empty array may have no address; HMAC fills keys up with zeros, so that these two are the same.
    let key = key.isEmpty ? [0] : key
    return digest(ofSize: size) { _ = HMAC(hash, key, Int32(key.count), message, message.count, $0, nil) }
  }

  private static func digest(ofSize size: Int, _ compute: (UnsafeMutablePointer<UInt8>) -> Void) -> [UInt8] {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: size) { buffer in
      buffer.initialize(repeating: 0)
      if let start = buffer.baseAddress { compute(start) }
      return Array(buffer)
    }
  }
}
