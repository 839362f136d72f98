import Foundation
import RabbitMQ

/// The address of somebody who is asked over HTTP: `http://user:password@host:port/path`.
struct InspectorAddress: Sendable {
  /// Scheme, host, port and path without a slash at the end; no credentials.
  let base: String
  /// What the URL names before the `@`.
  let credentials: Endpoint.Credentials?
  let isEncrypted: Bool
  /// Whether the host is this machine by its usual names.
  let isLoopback: Bool

  /// - Parameter what: how errors call the URL. They repeat none of its text, since any part can hold a password whose
  ///   special characters were not percent-encoded.
  /// - Throws: ``PulseError`` with code `invalidConfiguration`.
  init(_ text: String, what: String) throws(PulseError) {
    func invalid(_ words: String) -> PulseError { PulseError(.invalidConfiguration, "\(what): \(words)") }
    guard var parts = URLComponents(string: text, encodingInvalidCharacters: false) else {
      throw invalid("it is no URL: http://host:port/ is asked, special characters of a password percent-encoded")
    }
    guard let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme) else {
      throw invalid("it must begin with http:// or https://")
    }
    guard let host = parts.host, !host.isEmpty else { throw invalid("it names no host") }
    if let port = parts.port, !(1...65_535).contains(port) {
      throw invalid("the port must be a number from 1 to 65535")
    }
    guard parts.query == nil, parts.fragment == nil else {
      throw invalid("it has a ? or a #, which belong to no such address; in a password they are %3F and %23")
    }
    guard !parts.path.contains("@") else {
      throw invalid("it has an @ in its path; a / in a password is %2F")
    }
    if let user = parts.percentEncodedUser, !user.isEmpty {
      guard let name = user.removingPercentEncoding,
        let password = (parts.percentEncodedPassword ?? "").removingPercentEncoding
      else { throw invalid("its user name or password is not percent-encoded UTF-8") }
      // Basic authentication ends the name at the first colon.
      guard !name.contains(":") else { throw invalid("its user name has a colon, which HTTP cannot carry") }
      credentials = Endpoint.Credentials(user: name, password: password)
    } else {
      guard (parts.percentEncodedPassword ?? "").isEmpty else { throw invalid("it has a password without a user name") }
      credentials = nil
    }
    (parts.user, parts.password) = (nil, nil)
    while parts.percentEncodedPath.hasSuffix("/") { parts.percentEncodedPath.removeLast() }
    guard let base = parts.string else { throw invalid("it is no URL") }
    self.base = base
    isEncrypted = scheme == "https"
    isLoopback = ["localhost", "127.0.0.1", "::1", "[::1]"].contains(host.lowercased())
  }
}

extension String {
  /// The text as one part of a URL's path: all but letters, digits and `-._~` percent-encoded, slashes too.
  var asPathComponent: String {
    let kept = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
    // Only a text that is no Unicode has no encoding, and a Swift string always is.
    return addingPercentEncoding(withAllowedCharacters: kept) ?? ""
  }
}
