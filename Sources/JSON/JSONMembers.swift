/// The members of an object, in the order of the text.
///
/// Valid only inside the closure that received the document. No name occurs twice.
public struct JSONMembers: Sequence {
  let tape: JSONTape
  let index: Int

  /// How many members there are.
  public var count: Int { tape.count(at: index) }

  /// Whether there are none.
  public var isEmpty: Bool { count == 0 }

  /// The same as ``count``.
  public var underestimatedCount: Int { count }

  /// Walks the members.
  public func makeIterator() -> Iterator {
    Iterator(tape: tape, position: index + 1, end: tape.closingIndex(at: index))
  }

  /// Walks the members of an object.
  public struct Iterator: IteratorProtocol {
    let tape: JSONTape
    var position: Int
    let end: Int

    /// The next member.
    public mutating func next() -> (key: JSONString, value: JSONValue)? {
      guard position < end else { return nil }
      let key = JSONString(bytes: tape.string(at: position))
      let value = JSONValue(tape: tape, index: position + 1)
      position = tape.index(after: position + 1)
      return (key, value)
    }
  }
}
