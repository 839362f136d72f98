import CRabbitMQ
import Glibc

/// The last few texts that were read: exchange, routing key, consumer tag and content type of one delivery are mostly those
/// of the one before, and need not be allocated again.
struct TextCache {
  private static let slots = 32
  private var texts = [String](repeating: "", count: slots)

  mutating func text(_ bytes: amqp_bytes_t) -> String {
    let bytes = UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len)
    guard let last = bytes.last else { return "" }
    let slot = (bytes.count &* 31 &+ Int(last) &+ Int(bytes[0]) &* 7) % Self.slots
    if isEqual(texts[slot], bytes) { return texts[slot] }
    let text = String(decoding: bytes, as: UTF8.self)
    // A long one is no name, and would be kept.
    if bytes.count <= ShortString.maximumBytes { texts[slot] = text }
    return text
  }

  private func isEqual(_ text: String, _ bytes: UnsafeRawBufferPointer) -> Bool {
    var text = text
    return text.withUTF8 { text in
      guard text.count == bytes.count, let one = text.baseAddress, let other = bytes.baseAddress else { return false }
      return memcmp(one, other, bytes.count) == 0
    }
  }
}
