/// What has been published on a channel and not been answered yet, by delivery tag.
///
/// The broker answers in any order, one by one or all up to a tag at once.
struct ConfirmTracker<Entry> {
  /// `slots[head]` belongs to tag `firstTag`; nil marks one that was answered ahead of those before it.
  private var slots: [Entry?] = []
  private var head = 0
  /// The oldest tag that is not answered; a channel in confirm mode counts from 1.
  private var firstTag: UInt64 = 1
  /// How many are not answered.
  private(set) var count = 0

  /// Notes a publication and returns its delivery tag.
  @discardableResult
  mutating func sent(_ entry: Entry) -> UInt64 {
    slots.append(entry)
    count += 1
    return firstTag + UInt64(slots.count - head) - 1
  }

  /// Hands the entries that an answer settles to `settle`, oldest first; none for a tag that is unknown or settled.
  mutating func resolve(_ tag: UInt64, multiple: Bool, _ settle: (Entry) -> Void) {
    let tagsInUse = firstTag..<firstTag + UInt64(slots.count - head)
    // Tag 0 with multiple means all that are out (AMQP 0-9-1, basic.ack).
    let last = multiple && tag == 0 ? tagsInUse.upperBound - 1 : tag
    guard tagsInUse.contains(last) else { return }
    let end = head + Int(last - firstTag)
    for index in (multiple ? head : end)...end {
      guard let entry = slots[index] else { continue }
      settle(entry)
      slots[index] = nil
      count -= 1
    }
    dropAnsweredPrefix()
  }

  /// The oldest unanswered entry that `matches`.
  func first(where matches: (Entry) -> Bool) -> Entry? {
    for case let entry? in slots[head...] where matches(entry) { return entry }
    return nil
  }

  /// Calls `body` with every unanswered entry, oldest first.
  func forEach(_ body: (Entry) -> Void) {
    for case let entry? in slots[head...] { body(entry) }
  }

  /// Takes everything that is not answered, oldest first; the next tag is 1, as on a channel that has just been opened.
  mutating func drain() -> [Entry] {
    defer { self = ConfirmTracker() }
    return slots[head...].compactMap { $0 }
  }

  private mutating func dropAnsweredPrefix() {
    while head < slots.count, slots[head] == nil {
      head += 1
      firstTag += 1
    }
    // Moving the rest down once half the array is spent keeps the cost of each publication constant.
    if head > 64, head * 2 > slots.count {
      slots.removeFirst(head)
      head = 0
    }
  }
}
