import COpenSSL
import Glibc

/// An entry of OpenSSL's error queue, which every thread has for itself.
struct OpenSSLFailure: CustomStringConvertible {
  private let code: UInt

  /// The oldest entry of this thread's queue, which is where a failure began.
  static func first() -> OpenSSLFailure { OpenSSLFailure(code: ERR_peek_error()) }

  /// The library's `SSL_R_…`, nil where the failure is not one of TLS.
  var tlsReason: Int32? {
    ERR_GET_LIB(code) == ERR_LIB_SSL ? ERR_GET_REASON(code) : nil
  }

  /// Whether a private key turned out to be another certificate's.
  var isKeyMismatch: Bool {
    ERR_GET_LIB(code) == ERR_LIB_X509 && ERR_GET_REASON(code) == X509_R_KEY_VALUES_MISMATCH
  }

  /// The alert with which the peer ended the session, by its number in RFC 8446, 6; nil where there was none.
  var alert: Int32? {
    guard let tlsReason, tlsReason >= SSL_AD_REASON_OFFSET else { return nil }
    return tlsReason - SSL_AD_REASON_OFFSET
  }

  /// OpenSSL's own words.
  var description: String {
    let reason = ERR_GET_REASON(code)
    if ERR_GET_LIB(code) == ERR_LIB_SYS { return String(cString: strerror(reason)) }
    return ERR_reason_error_string(code).map { String(cString: $0) } ?? "OpenSSL's error \(code)"
  }
}
