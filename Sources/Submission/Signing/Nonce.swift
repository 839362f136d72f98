import Foundation

/// Texts that nobody can guess and that do not come again.
enum Nonce {
  /// Bytes of chance in a nonce: with 12 a clash among a billion requests of the same second is as likely as one in
  /// 10^11.
  private static let size = 12

  static func make() -> String {
    var generator = SystemRandomNumberGenerator()
    let bytes = (0..<size).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    // The alphabet of URLs needs no escape in a header or a query.
    return Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
  }
}
