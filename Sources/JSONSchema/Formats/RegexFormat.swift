/// Regular expressions of ECMA-262.
enum RegexFormat {
  static func matches(_ string: UnsafeBufferPointer<UInt8>) -> Bool {
    var parser = PatternParser(String(decoding: string, as: UTF8.self))
    return (try? parser.parse()) != nil
  }
}
