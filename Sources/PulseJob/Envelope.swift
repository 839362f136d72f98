import JSON

/// What mozillapulse wraps around a message: `{"payload": …, "_meta": {…}}`.
enum Envelope {
  /// The message inside the envelope, or the message itself where there is none.
  ///
  /// A job has no member of either name, so the two cannot be taken for one another.
  static func payload(of message: JSONValue) -> JSONValue {
    guard message["_meta"]?.kind == .object, let payload = message["payload"] else { return message }
    return payload
  }
}
