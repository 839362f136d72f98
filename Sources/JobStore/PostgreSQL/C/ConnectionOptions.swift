import CPostgreSQL

/// What a connection is opened with.
enum ConnectionOptions {
  /// What holds where the URL says nothing, as libpq's keywords. Times are in seconds, `tcp_user_timeout` in milliseconds.
  ///
  /// A peer that has vanished is noticed within a minute, whether something was on its way to it or not.
  private static let defaults = [
    ("application_name", "drover"), ("connect_timeout", "10"), ("keepalives", "1"), ("keepalives_idle", "30"),
    ("keepalives_interval", "10"), ("keepalives_count", "3"), ("tcp_user_timeout", "30000"),
  ]

  /// What a session is set to once it is open.
  ///
  /// Nobody but this program may keep a transaction open, and it does so only for as long as it computes something: one
  /// that is idle for longer than a minute belongs to a process that stands still, and others wait for its locks.
  static let settings = """
    set synchronous_commit = on; set timezone = 'UTC'; set standard_conforming_strings = on; set statement_timeout = 0;
    set idle_in_transaction_session_timeout = '60s'
    """

  /// Why libpq does not understand a URL.
  struct ParseFailure: Error {
    let reason: String
  }

  /// The options that a URL says, by libpq's keywords.
  static func parse(_ url: String) throws(ParseFailure) -> [String: String] {
    var message: UnsafeMutablePointer<CChar>?
    guard let options = PQconninfoParse(url, &message) else {
      defer { PQfreemem(message) }
      // In quotes there is what was wrong, up to the whole URL with the password.
      let reason = message.map { String(cString: $0) } ?? "no memory"
      let words = reason.prefix { $0 == " " || $0 == "-" || $0 == "/" || ($0.isASCII && $0.isLetter) }
      throw ParseFailure(reason: words.isEmpty ? "not understood" : String(words).trimmingEnd())
    }
    defer { PQconninfoFree(options) }
    var result: [String: String] = [:]
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val { result[String(cString: keyword)] = String(cString: value) }
      option += 1
    }
    return result
  }

  /// Opens a connection, which may have failed; nil for no memory.
  static func open(_ url: PostgreSQLURL) -> OpaquePointer? {
    // Of a keyword that is there twice the last one counts, and `dbname` stands for everything that the URL says.
    let pairs = defaults + [("dbname", url.text), ("client_encoding", "UTF8")]
    return withCStrings(pairs.map(\.0)) { keywords in
      withCStrings(pairs.map(\.1)) { values in PQconnectdbParams(keywords, values, 1) }
    }
  }

  /// Calls `body` with C strings and a null pointer after the last one.
  private static func withCStrings<T>(_ strings: [String], _ body: ([UnsafePointer<CChar>?]) -> T) -> T {
    var bytes: [CChar] = []
    var offsets: [Int] = []
    for string in strings {
      offsets.append(bytes.count)
      bytes += string.utf8CString
    }
    return bytes.withUnsafeBufferPointer { buffer in
      body(offsets.map { offset in buffer.baseAddress.map { $0 + offset } } + [nil])
    }
  }
}

extension String {
  fileprivate func trimmingEnd() -> String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
