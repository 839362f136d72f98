/// The task and the run that a guid of the form `<uuid>/<n>` names.
struct TaskRun: Hashable {
  /// The task's uuid as Taskcluster writes it: URL-safe base64 of its 16 bytes, without padding.
  let slug: String
  /// Which run of the task it is, from 0.
  let retry: Int

  /// Letters of a uuid: 32 hexadecimal digits and four dashes.
  private static let uuidLength = 36
  private static let dashes = [8, 13, 18, 23]
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  /// Reads `guid`; nil for one of another form.
  init?(guid: String) {
    var guid = guid
    guard let (slug, retry) = guid.withUTF8(Self.read) else { return nil }
    self.slug = slug
    self.retry = retry
  }

  private static func read(_ guid: UnsafeBufferPointer<UInt8>) -> (String, Int)? {
    guard guid.count > uuidLength + 1, guid[uuidLength] == UInt8(ascii: "/"), let bytes = bytes(ofUUID: guid),
      guid[uuidLength + 1].isDigit,
      let retry = Int(String(decoding: guid[(uuidLength + 1)...], as: UTF8.self))
    else { return nil }
    return (slug(of: bytes), retry)
  }

  private static func bytes(ofUUID text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(16)
    var position = 0
    while position < uuidLength {
      if dashes.contains(position) {
        guard text[position] == UInt8(ascii: "-") else { return nil }
        position += 1
      }
      guard let high = text[position].hexDigit, let low = text[position + 1].hexDigit else { return nil }
      bytes.append(high << 4 | low)
      position += 2
    }
    return bytes
  }

  /// 16 bytes are 22 letters of six bits, the last of which has but two.
  private static func slug(of bytes: [UInt8]) -> String {
    String(unsafeUninitializedCapacity: 22) { letters in
      var bits: UInt32 = 0
      var bitCount = 0
      var count = 0
      for byte in bytes {
        bits = bits << 8 | UInt32(byte)
        bitCount += 8
        while bitCount >= 6 {
          bitCount -= 6
          letters[count] = alphabet[Int(bits >> UInt32(bitCount) & 63)]
          count += 1
        }
      }
      letters[count] = alphabet[Int(bits << UInt32(6 - bitCount) & 63)]
      return count + 1
    }
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

  fileprivate var hexDigit: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
