/// The attributes of a field such as `Hawk id="…", ts="…"`, each of them there once and not empty.
struct HawkAttributes {
  private var values: [String: String] = [:]

  /// - Parameter allowed: the attributes that may be there.
  /// - Throws: ``SignatureError`` that says what is wrong.
  init(_ field: String, allowed: Set<String>) throws(SignatureError) {
    guard field.utf8.count <= Hawk.maximumLength else {
      throw SignatureError(.malformed, "the field has more than \(Hawk.maximumLength) bytes")
    }
    var cursor = Cursor(rest: field.unicodeScalars[...])
    let scheme = cursor.take { $0 != " " }
    guard scheme.lowercased() == "hawk" else {
      throw SignatureError(.unknownScheme, "the scheme is not Hawk")
    }
    cursor.skipSpaces()
    repeat {
      cursor.skipSpaces()
      let name = cursor.take { $0.isASCIILetterOrDigit || $0 == "_" }
      guard !name.isEmpty, cursor.skip("="), cursor.skip("\"") else {
        throw SignatureError(.malformed, "after the scheme, name=\"value\" is asked, with commas between them")
      }
      guard allowed.contains(name) else {
        throw SignatureError(.unknownAttribute, "there is no attribute \(name.prefix(20)) here")
      }
      let value = cursor.take { Self.isAllowed($0) }
      guard cursor.skip("\"") else {
        throw SignatureError(.malformed, "the attribute \(name) does not end, or has a character that is not allowed")
      }
      guard !value.isEmpty else {
        throw SignatureError(.invalidAttribute, "the attribute \(name) is empty")
      }
      guard values.updateValue(value, forKey: name) == nil else {
        throw SignatureError(.duplicateAttribute, "the attribute \(name) is there twice")
      }
      cursor.skipSpaces()
    } while cursor.skip(",")
    guard cursor.isAtEnd else {
      throw SignatureError(.malformed, "between two attributes a comma is asked")
    }
  }

  subscript(_ name: String) -> String? { values[name] }

  func required(_ name: String) throws(SignatureError) -> String {
    guard let value = values[name] else { throw .missing(name) }
    return value
  }

  /// A time in whole seconds.
  func seconds(_ name: String) throws(SignatureError) -> Int64 {
    guard let seconds = Int64(digits: try required(name)) else {
      throw SignatureError(.invalidAttribute, "the attribute \(name) is no number of seconds")
    }
    return seconds
  }

  /// What a value may hold: printable ASCII without quotation mark and backslash, as the Hawk protocol says.
  static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    (" "..."~").contains(scalar) && scalar != "\"" && scalar != "\\"
  }

  /// - Throws: ``SignatureError`` with code `invalidArgument` where `value` cannot be sent as the attribute `name`.
  static func checkSendable(_ value: String?, as name: String) throws(SignatureError) {
    guard let value else { return }
    guard !value.isEmpty, value.unicodeScalars.allSatisfy(isAllowed) else {
      throw SignatureError(
        .invalidArgument, "\(name) has to be printable ASCII without quotation marks and backslashes, and not empty")
    }
  }

  private struct Cursor {
    var rest: Substring.UnicodeScalarView

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(while isPart: (Unicode.Scalar) -> Bool) -> String {
      let part = rest.prefix(while: isPart)
      rest = rest[part.endIndex...]
      return String(part)
    }

    mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
      guard rest.first == scalar else { return false }
      rest.removeFirst()
      return true
    }

    mutating func skipSpaces() {
      rest = rest.drop { $0 == " " || $0 == "\t" }
    }
  }
}
