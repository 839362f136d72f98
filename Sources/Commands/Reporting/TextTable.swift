import Foundation

/// What `list` commands print.
public enum ListFormat: String, Sendable, CaseIterable {
  /// A table for a person.
  case text
  /// An object on each line.
  case json
}

/// A table for a terminal, printed piece by piece: the first piece has the header, and columns only get wider.
public struct TextTable {
  private let rightAligned: Set<Int>
  private var header: [String]?
  private var widths: [Int]

  /// A table with a header.
  ///
  /// - Parameter rightAligned: the numbers of the columns that are, for figures.
  public init(_ header: [String], rightAligned: Set<Int> = []) {
    self.header = header
    self.rightAligned = rightAligned
    widths = header.map(\.count)
  }

  /// The lines of more rows, which all have a cell for each column; control characters in them are made visible.
  public mutating func lines(for rows: [[String]]) -> [String] {
    var rows = rows.map { $0.map { $0.visible() } }
    for row in rows {
      for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.count) }
    }
    if let header { rows.insert(header, at: 0) }
    header = nil
    return rows.map { row in
      row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        if rightAligned.contains(column) { return padding + cell }
        // Nothing is put behind the last column, which may be long.
        return column == row.count - 1 ? cell : cell + padding
      }.joined(separator: "  ")
    }
  }
}

extension String {
  /// The text with control characters, and those that turn the writing's direction, as `\u{…}`: what strangers sent must
  /// not steer a terminal.
  ///
  /// - Parameter kept: control characters that stay.
  public func visible(except kept: Set<Unicode.Scalar> = []) -> String {
    func isHidden(_ scalar: Unicode.Scalar) -> Bool {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: !kept.contains(scalar)
      default: false
      }
    }
    guard unicodeScalars.contains(where: isHidden) else { return self }
    var text = ""
    for scalar in unicodeScalars {
      if isHidden(scalar) {
        text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// Bytes for a person: as the text that they are, or else in hexadecimal, sixteen a line.
  public init(readable bytes: [UInt8]) {
    if let text = String(validating: bytes, as: UTF8.self) {
      self = text.visible(except: ["\n", "\t"])
      return
    }
    self = stride(from: 0, to: bytes.count, by: 16).map { start in
      let line = bytes[start..<Swift.min(start + 16, bytes.count)]
      let digits = line.map { Self.hexadecimal(Int($0), digits: 2) }.joined(separator: " ")
      let letters = line.map { (0x20...0x7E).contains($0) ? String(Unicode.Scalar($0)) : "." }.joined()
      return Self.hexadecimal(start, digits: 8) + "  " + digits
        + String(repeating: " ", count: 16 * 3 + 1 - digits.count) + letters
    }.joined(separator: "\n")
  }

  private static func hexadecimal(_ number: Int, digits: Int) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: Swift.max(0, digits - text.count)) + text
  }
}

extension Int64 {
  /// Milliseconds since 1970-01-01 00:00:00 UTC as ISO 8601.
  public var asTime: String {
    Date(timeIntervalSince1970: Double(self) / 1000)
      .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }
}
