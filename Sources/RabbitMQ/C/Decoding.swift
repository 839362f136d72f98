import CRabbitMQ

/// Copies of what librabbitmq hands out: its structs point into pools that are recycled with the next message.
extension String {
  init(_ bytes: amqp_bytes_t) {
    self.init(decoding: UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len), as: UTF8.self)
  }
}

extension [UInt8] {
  init(_ bytes: amqp_bytes_t) {
    self.init(UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len))
  }
}

extension FieldTable {
  /// - Parameter depth: how many tables and lists lie around this one.
  init(_ table: amqp_table_t, depth: Int = 0) {
    self.init()
    for index in 0..<Int(Swift.max(table.num_entries, 0)) {
      let entry = table.entries[index]
      self[String(entry.key)] = FieldValue(entry.value, depth: depth + 1)
    }
  }
}

extension FieldValue {
  /// Far deeper than any header is; a sender may nest as deep as a frame allows, and this recursion would follow.
  private static let maximumDepth = 64

  init(_ field: amqp_field_value_t, depth: Int) {
    guard depth <= Self.maximumDepth else {
      self = .null
      return
    }
    let kind = UInt32(field.kind)
    switch kind {
    case AMQP_FIELD_KIND_BOOLEAN.rawValue: self = .boolean(field.value.boolean != 0)
    case AMQP_FIELD_KIND_I8.rawValue: self = .integer(Int64(field.value.i8))
    case AMQP_FIELD_KIND_U8.rawValue: self = .integer(Int64(field.value.u8))
    case AMQP_FIELD_KIND_I16.rawValue: self = .integer(Int64(field.value.i16))
    case AMQP_FIELD_KIND_U16.rawValue: self = .integer(Int64(field.value.u16))
    case AMQP_FIELD_KIND_I32.rawValue: self = .integer(Int64(field.value.i32))
    case AMQP_FIELD_KIND_U32.rawValue: self = .integer(Int64(field.value.u32))
    case AMQP_FIELD_KIND_I64.rawValue: self = .integer(field.value.i64)
    case AMQP_FIELD_KIND_U64.rawValue: self = .integer(Int64(clamping: field.value.u64))
    case AMQP_FIELD_KIND_F32.rawValue: self = .double(Double(field.value.f32))
    case AMQP_FIELD_KIND_F64.rawValue: self = .double(field.value.f64)
    case AMQP_FIELD_KIND_UTF8.rawValue, AMQP_FIELD_KIND_BYTES.rawValue: self = .string(String(field.value.bytes))
    case AMQP_FIELD_KIND_TIMESTAMP.rawValue: self = .timestamp(field.value.u64)
    case AMQP_FIELD_KIND_TABLE.rawValue: self = .table(FieldTable(field.value.table, depth: depth))
    case AMQP_FIELD_KIND_ARRAY.rawValue:
      let array = field.value.array
      self = .array((0..<Int(Swift.max(array.num_entries, 0))).map { FieldValue(array.entries[$0], depth: depth + 1) })
    case AMQP_FIELD_KIND_DECIMAL.rawValue:
      var scale = 1.0
      for _ in 0..<field.value.decimal.decimals { scale *= 10 }
      self = .double(Double(field.value.decimal.value) / scale)
    default: self = .null
    }
  }
}

extension MessageProperties {
  init(_ properties: amqp_basic_properties_t, _ texts: inout TextCache) {
    self.init()
    let flags = properties._flags
    func has(_ flag: Int32) -> Bool { flags & amqp_flags_t(flag) != 0 }
    if has(AMQP_BASIC_CONTENT_TYPE_FLAG) { contentType = texts.text(properties.content_type) }
    if has(AMQP_BASIC_CONTENT_ENCODING_FLAG) { contentEncoding = texts.text(properties.content_encoding) }
    if has(AMQP_BASIC_HEADERS_FLAG) { headers = FieldTable(properties.headers) }
    if has(AMQP_BASIC_DELIVERY_MODE_FLAG) { isPersistent = properties.delivery_mode == 2 }
    if has(AMQP_BASIC_CORRELATION_ID_FLAG) { correlationID = String(properties.correlation_id) }
    if has(AMQP_BASIC_MESSAGE_ID_FLAG) { messageID = String(properties.message_id) }
    if has(AMQP_BASIC_TIMESTAMP_FLAG) { timestamp = properties.timestamp }
    if has(AMQP_BASIC_TYPE_FLAG) { type = texts.text(properties.type) }
    if has(AMQP_BASIC_APP_ID_FLAG) { appID = texts.text(properties.app_id) }
  }
}
