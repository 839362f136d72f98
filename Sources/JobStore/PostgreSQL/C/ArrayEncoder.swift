/// A batch as PostgreSQL's binary arrays, all of them in one piece of memory.
struct ArrayEncoder {
  /// PostgreSQL's numbers for types, from its `pg_type.dat`.
  enum TypeID {
    static let bool: UInt32 = 16
    static let bytes: UInt32 = 17
    static let name: UInt32 = 19
    static let int8: UInt32 = 20
    static let int2: UInt32 = 21
    static let int4: UInt32 = 23
    static let text: UInt32 = 25
    static let fixedText: UInt32 = 1042
    static let boundedText: UInt32 = 1043
    static let bytesArray: UInt32 = 1001
    static let textArray: UInt32 = 1009
    static let int8Array: UInt32 = 1016
  }

  /// The server takes no message above 1 GiB, and drops the connection; the statement's name and the lengths come on top.
  static let limit = 1 << 30 - 1 << 16

  private let bytes: [UInt8]
  private let starts: [Int]

  /// Encodes `columns`, all of which have `count` values.
  ///
  /// - Throws: ``StoreError`` with code `unstorable`: a text with U+0000, or more than ``limit`` bytes in all.
  init(_ columns: [SQLColumn], count: Int) throws {
    var starts: [Int] = []
    var size = 0
    for column in columns {
      starts.append(size)
      size += Cursor.headerSize + column.encodedSize
      guard size <= Self.limit else {
        throw StoreError(.unstorable, "a batch is larger than the 1 GiB that PostgreSQL takes at once")
      }
    }
    self.starts = starts
    bytes = try [UInt8](unsafeUninitializedCapacity: size) { buffer, initialized in
      guard let base = buffer.baseAddress else { return }
      var cursor = Cursor(position: UnsafeMutableRawPointer(base))
      for column in columns { try cursor.write(column, count: count) }
      initialized = size
    }
  }

  /// Calls `body` with where each array is and how long it is.
  func withParameters<T>(_ body: ([UnsafePointer<CChar>?], [Int32]) -> T) -> T {
    let ends = starts.dropFirst() + [bytes.count]
    let lengths = zip(starts, ends).map { Int32($1 - $0) }
    return bytes.withUnsafeBytes { buffer in
      body(starts.map { start in buffer.baseAddress.map { ($0 + start).assumingMemoryBound(to: CChar.self) } }, lengths)
    }
  }
}

extension SQLColumn {
  /// How many bytes its values take, each with its length in front of it.
  fileprivate var encodedSize: Int {
    switch self {
    case .integers(let values): values.reduce(0) { $0 + ($1 == nil ? 4 : 12) }
    case .texts(let values): values.reduce(0) { $0 + 4 + ($1?.utf8.count ?? 0) }
    case .bytes(let values): values.reduce(0) { $0 + 4 + ($1?.count ?? 0) }
    }
  }
}

/// Where the next value goes. The memory is measured out by whoever makes it.
private struct Cursor {
  /// Dimensions, whether there are nulls, the type, how many, and the first one's index.
  static let headerSize = 20

  var position: UnsafeMutableRawPointer

  mutating func write(_ column: SQLColumn, count: Int) throws {
    switch column {
    case .integers(let values):
      writeHeader(ArrayEncoder.TypeID.int8, count, hasNull: values.contains(nil))
      for value in values {
        guard let value else {
          write(Int32(-1))
          continue
        }
        write(Int32(8))
        write(value)
      }
    case .texts(let values):
      writeHeader(ArrayEncoder.TypeID.text, count, hasNull: values.contains(nil))
      for value in values {
        guard var value else {
          write(Int32(-1))
          continue
        }
        let isWhole = value.withUTF8 { utf8 in
          write(UnsafeRawBufferPointer(utf8))
          return !utf8.contains(0)
        }
        guard isWhole else { throw StoreError(.unstorable, "a text holds U+0000, which PostgreSQL cannot store") }
      }
    case .bytes(let values):
      writeHeader(ArrayEncoder.TypeID.bytes, count, hasNull: values.contains(nil))
      for value in values {
        guard let value else {
          write(Int32(-1))
          continue
        }
        value.withUnsafeBytes { write($0) }
      }
    }
  }

  private mutating func writeHeader(_ type: UInt32, _ count: Int, hasNull: Bool) {
    for field in [1, hasNull ? 1 : 0, Int32(type), Int32(count), 1] { write(field) }
  }

  private mutating func write<T: FixedWidthInteger>(_ value: T) {
    position.storeBytes(of: value.bigEndian, as: T.self)
    position += MemoryLayout<T>.size
  }

  private mutating func write(_ bytes: UnsafeRawBufferPointer) {
    write(Int32(bytes.count))
    if let base = bytes.baseAddress { position.copyMemory(from: base, byteCount: bytes.count) }
    position += bytes.count
  }
}
