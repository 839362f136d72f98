import CRabbitMQ

/// Memory for the strings and tables of one outgoing method.
///
/// librabbitmq encodes a method out of structs full of pointers; everything that they point to has to stay where it
/// is until the frame has been written. An arena owns those pieces and frees them together.
final class Arena {
  private var blocks: [UnsafeMutableRawPointer] = []

  deinit {
    for block in blocks { block.deallocate() }
  }

  /// A copy of `string`'s UTF-8 bytes that lives as long as the arena.
  func bytes(_ string: String) -> amqp_bytes_t {
    var string = string
    return string.withUTF8 { bytes(UnsafeRawBufferPointer($0)) }
  }

  /// A copy of `source` that lives as long as the arena.
  func bytes(_ source: UnsafeRawBufferPointer) -> amqp_bytes_t {
    guard !source.isEmpty else { return crabbitmq_empty_bytes() }
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 1)
    block.copyMemory(from: source)
    return amqp_bytes_t(len: source.count, bytes: keep(block.baseAddress))
  }

  /// `table` in librabbitmq's form; nested tables and arrays included.
  func table(_ table: FieldTable) -> amqp_table_t {
    guard !table.isEmpty else { return crabbitmq_empty_table() }
    let entries = UnsafeMutablePointer<amqp_table_entry_t>.allocate(capacity: table.count)
    for (index, entry) in table.sorted(by: { $0.key < $1.key }).enumerated() {
      entries.advanced(by: index).initialize(
        to: amqp_table_entry_t(key: bytes(entry.key), value: value(entry.value)))
    }
    keep(UnsafeMutableRawPointer(entries))
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
      let entries = UnsafeMutablePointer<amqp_field_value_t>.allocate(capacity: max(items.count, 1))
      for (index, item) in items.enumerated() {
        entries.advanced(by: index).initialize(to: value(item))
      }
      keep(UnsafeMutableRawPointer(entries))
      result.kind = UInt8(AMQP_FIELD_KIND_ARRAY.rawValue)
      result.value.array = amqp_array_t(num_entries: Int32(items.count), entries: entries)
    case .null:
      result.kind = UInt8(AMQP_FIELD_KIND_VOID.rawValue)
    }
    return result
  }

  @discardableResult
  private func keep(_ block: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let block { blocks.append(block) }
    return block
  }
}
