/// The elements of an array, in their order.
///
/// Valid only inside the closure that received the document.
public struct JSONElements: Sequence {
  let tape: JSONTape
  let index: Int

  /// How many elements there are.
  public var count: Int { tape.count(at: index) }

  /// Whether there are none.
  public var isEmpty: Bool { count == 0 }

  /// The same as ``count``.
  public var underestimatedCount: Int { count }

  /// Walks the elements.
  public func makeIterator() -> Iterator {
    Iterator(tape: tape, position: index + 1, end: tape.closingIndex(at: index))
  }

  /// Walks the elements of an array.
  public struct Iterator: IteratorProtocol {
    let tape: JSONTape
    var position: Int
    let end: Int

    /// The next element.
    public mutating func next() -> JSONValue? {
      guard position < end else { return nil }
      defer { position = tape.index(after: position) }
      return JSONValue(tape: tape, index: position)
    }
  }
}
