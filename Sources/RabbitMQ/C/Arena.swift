import CRabbitMQ

/// Memory for the strings and tables of outgoing methods.
///
/// librabbitmq encodes a method out of structs full of pointers; everything that they point to has to stay where it is
/// until that is done. The arena is used for one method after the other, so that publishing allocates nothing.
final class Arena {
  private static let chunkSize = 16 << 10

  private let chunk = UnsafeMutableRawPointer.allocate(byteCount: chunkSize, alignment: 16)
  private var used = 0
  /// What did not fit.
  private var blocks: [UnsafeMutableRawPointer] = []

  deinit {
    reset()
    chunk.deallocate()
  }

  /// Takes back everything that was handed out.
  func reset() {
    used = 0
    guard !blocks.isEmpty else { return }
    for block in blocks { block.deallocate() }
    blocks = []
  }

  /// A copy of `string`'s UTF-8 bytes that stays until the next reset.
  func bytes(_ string: String) -> amqp_bytes_t {
    var string = string
    return string.withUTF8 { bytes(UnsafeRawBufferPointer($0)) }
  }

  /// A copy of `source` that stays until the next reset.
  func bytes(_ source: UnsafeRawBufferPointer) -> amqp_bytes_t {
    guard let base = source.baseAddress, !source.isEmpty else { return crabbitmq_empty_bytes() }
    let block = allocate(source.count)
    block.copyMemory(from: base, byteCount: source.count)
    return amqp_bytes_t(len: source.count, bytes: block)
  }

  /// `table` in librabbitmq's form; nested tables and arrays included.
  func table(_ table: FieldTable) -> amqp_table_t {
    guard !table.isEmpty else { return crabbitmq_empty_table() }
    let entries = allocate(table.count * MemoryLayout<amqp_table_entry_t>.stride)
      .bindMemory(to: amqp_table_entry_t.self, capacity: table.count)
    for (index, entry) in table.sorted(by: { $0.key < $1.key }).enumerated() {
      entries.advanced(by: index).initialize(
        to: amqp_table_entry_t(key: bytes(entry.key), value: value(entry.value)))
    }
    return amqp_table_t(num_entries: Int32(table.count), entries: entries)
  }

  private func value(_ field: FieldValue) -> amqp_field_value_t {
    var result = amqp_field_value_t()
    switch field {
    case .boolean(let flag):
      result.kind = UInt8(AMQP_FIELD_KIND_BOOLEAN.rawValue)
      result.value.boolean = flag ? 1 : 0
    case .integer(let number):
      result.kind = UInt8(AMQP_FIELD_KIND_I64.rawValue)
      result.value.i64 = number
    case .double(let number):
      result.kind = UInt8(AMQP_FIELD_KIND_F64.rawValue)
      result.value.f64 = number
    case .string(let text):
      result.kind = UInt8(AMQP_FIELD_KIND_UTF8.rawValue)
      result.value.bytes = bytes(text)
    case .timestamp(let seconds):
      result.kind = UInt8(AMQP_FIELD_KIND_TIMESTAMP.rawValue)
      result.value.u64 = seconds
    case .table(let nested):
      result.kind = UInt8(AMQP_FIELD_KIND_TABLE.rawValue)
      result.value.table = table(nested)
    case .array(let items):
      let entries = allocate(max(items.count, 1) * MemoryLayout<amqp_field_value_t>.stride)
        .bindMemory(to: amqp_field_value_t.self, capacity: max(items.count, 1))
      for (index, item) in items.enumerated() {
        entries.advanced(by: index).initialize(to: value(item))
      }
      result.kind = UInt8(AMQP_FIELD_KIND_ARRAY.rawValue)
      result.value.array = amqp_array_t(num_entries: Int32(items.count), entries: entries)
    case .null:
      result.kind = UInt8(AMQP_FIELD_KIND_VOID.rawValue)
    }
    return result
  }

  private func allocate(_ size: Int) -> UnsafeMutableRawPointer {
    let aligned = (size + 15) & ~15
    if used + aligned <= Self.chunkSize {
      defer { used += aligned }
      return chunk + used
    }
    let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    blocks.append(block)
    return block
  }
}
