/// Rows that were read, in two pieces of memory whatever their number: each value is a whole number, text or nothing.
///
/// For pages that are passed on as they are; a value that is asked for as what it is not is nil.
public struct RowTable: Sendable {
  private enum Kind: UInt8 { case null, integer, text }

  private struct Cell {
    let kind: Kind
    /// Of a text, in bytes.
    let length: Int32
    /// The number, or where the text begins.
    let value: Int64

    /// The cell once what is in front of its text has grown.
    @inline(__always)
    func moved(by offset: Int64) -> Cell {
      kind == .text ? Cell(kind: kind, length: length, value: value + offset) : self
    }
  }

  private var cells: [Cell] = []
  private var texts: [UInt8] = []
  private var width = 1

  init() {}

  /// How many rows there are.
  public var count: Int { cells.count / width }

  /// The whole number in a column.
  @inline(__always)
  public func integer(_ row: Int, _ column: Int) -> Int64? {
    let cell = cells[row * width + column]
    return cell.kind == .integer ? cell.value : nil
  }

  /// The whole number in a column.
  public func integer<Column: RawRepresentable<Int>>(_ row: Int, _ column: Column) -> Int64? {
    integer(row, column.rawValue)
  }

  /// The text in a column.
  public func text(_ row: Int, _ column: Int) -> String? {
    withText(row, column) { String(decoding: $0, as: UTF8.self) }
  }

  /// The text in a column.
  public func text<Column: RawRepresentable<Int>>(_ row: Int, _ column: Column) -> String? {
    text(row, column.rawValue)
  }

  /// Calls `body` with the text in a column as UTF-8.
  @inline(__always)
  public func withText<Value>(_ row: Int, _ column: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value? {
    let cell = cells[row * width + column]
    guard cell.kind == .text else { return nil }
    return texts.withUnsafeBufferPointer {
      body(.init(rebasing: $0[Int(cell.value)..<Int(cell.value) + Int(cell.length)]))
    }
  }

  // MARK: Reading

  /// Begins a row; as many values have to follow.
  mutating func beginRow(width: Int) { self.width = max(width, 1) }

  mutating func append(_ integer: Int64) { cells.append(Cell(kind: .integer, length: 0, value: integer)) }

  mutating func append(_ text: UnsafeRawBufferPointer) {
    cells.append(Cell(kind: .text, length: Int32(clamping: text.count), value: Int64(texts.count)))
    texts.append(contentsOf: text)
  }

  mutating func appendNull() { cells.append(Cell(kind: .null, length: 0, value: 0)) }

  // MARK: Merging

  /// Makes rows of the values of two tables; texts that several rows share stay one.
  struct Merger {
    private(set) var table = RowTable()
    private let (first, second): (RowTable, RowTable)
    private let offset: Int64

    /// A merger of `first` with a table that begins with the rows of `second` and goes on with those of `third`.
    init(_ first: RowTable, _ second: RowTable, _ third: RowTable, width: Int) {
      self.first = first
      var rest = second
      rest.append(third)
      self.second = rest
      offset = Int64(first.texts.count)
      table.width = max(width, 1)
      table.texts = first.texts + rest.texts
      table.cells.reserveCapacity(first.count * width)
    }

    /// Appends a value of the first table.
    mutating func appendFirst(_ row: Int, _ column: Int) { table.cells.append(first.cells[row * first.width + column]) }

    /// Appends a value of the other one.
    mutating func appendSecond(_ row: Int, _ column: Int) {
      table.cells.append(second.cells[row * second.width + column].moved(by: offset))
    }
  }

  private mutating func append(_ other: RowTable) {
    let offset = Int64(texts.count)
    cells += other.cells.map { $0.moved(by: offset) }
    texts += other.texts
  }
}
