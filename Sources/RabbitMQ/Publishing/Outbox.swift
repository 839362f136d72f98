/// Messages that wait to be sent, within a bound of messages and of bytes.
struct Outbox {
  /// Messages above which publishers wait.
  static let capacity = 4_096
  /// Bytes of body above which publishers wait.
  static let byteCapacity = 16 << 20

  /// The oldest is at `head`.
  private var publications: [Publication?] = []
  private var head = 0
  private(set) var bytes = 0

  var count: Int { publications.count - head }
  var isEmpty: Bool { head == publications.count }

  /// Whether more may be put in; one message always finds room in an empty outbox, whatever its size.
  var hasRoom: Bool { count < Self.capacity && bytes < Self.byteCapacity }

  mutating func append(_ publication: Publication) {
    bytes += publication.message.body.count
    publications.append(publication)
  }

  mutating func take() -> Publication? {
    guard head < publications.count, let publication = publications[head] else { return nil }
    publications[head] = nil
    head += 1
    bytes -= publication.message.body.count
    // Moving the rest down once half the array is spent keeps the cost of each message constant.
    if head > 256, head * 2 > publications.count {
      publications.removeFirst(head)
      head = 0
    }
    return publication
  }

  /// Puts messages ahead of those that wait: they were sent before, and what became of them is not known.
  mutating func putBack(_ earlier: [Publication]) {
    publications.replaceSubrange(..<head, with: earlier)
    head = 0
    bytes += earlier.reduce(0) { $0 + $1.message.body.count }
  }

  /// Takes those out whose outcome is settled: they will not be sent.
  mutating func dropSettled() {
    let open = publications[head...].compactMap { $0 }.filter(\.isOpen)
    publications = open
    head = 0
    bytes = open.reduce(0) { $0 + $1.message.body.count }
  }

  /// Takes everything.
  mutating func drain() -> [Publication] {
    defer { self = Outbox() }
    return publications[head...].compactMap { $0 }
  }

  func forEach(_ body: (Publication) -> Void) {
    for case let publication? in publications[head...] { body(publication) }
  }
}
