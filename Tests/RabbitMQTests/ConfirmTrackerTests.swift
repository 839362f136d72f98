import Testing

@testable import RabbitMQ

@Suite struct ConfirmTrackerTests {
  @Test func tagsCountFromOne() {
    var tracker = ConfirmTracker<String>()
    #expect(tracker.sent("a") == 1)
    #expect(tracker.sent("b") == 2)
    #expect(tracker.count == 2)
  }

  @Test func answersSettleOneOrAllUpToATagInAnyOrder() {
    var tracker = ConfirmTracker<Int>()
    for entry in 1...10 { tracker.sent(entry) }
    #expect(tracker.resolve(3, multiple: false) == [3])
    #expect(tracker.resolve(5, multiple: true) == [1, 2, 4, 5])
    #expect(tracker.resolve(10, multiple: false) == [10])
    #expect(tracker.sent(11) == 11)
    #expect(tracker.resolve(0, multiple: true) == [6, 7, 8, 9, 11])
    #expect(tracker.count == 0)
    #expect(tracker.sent(12) == 12)
  }

  @Test func unknownAndRepeatedTagsSettleNothing() {
    var tracker = ConfirmTracker<Int>()
    tracker.sent(1)
    #expect(tracker.resolve(2, multiple: true) == [])
    #expect(tracker.resolve(0, multiple: false) == [])
    #expect(tracker.resolve(1, multiple: false) == [1])
    #expect(tracker.resolve(1, multiple: false) == [])
    #expect(tracker.resolve(1, multiple: true) == [])
  }

  @Test func theOldestMatchIsFound() {
    var tracker = ConfirmTracker<String>()
    for entry in ["a1", "b1", "b2"] { tracker.sent(entry) }
    #expect(tracker.first { $0.hasPrefix("b") } == "b1")
    #expect(tracker.first { $0.hasPrefix("c") } == nil)
  }

  @Test func whatIsTakenOutComesOldestFirstAndTagsBeginAgain() {
    var tracker = ConfirmTracker<Int>()
    for entry in 1...5 { tracker.sent(entry) }
    #expect(tracker.resolve(2, multiple: false) == [2])
    #expect(tracker.drain() == [1, 3, 4, 5])
    #expect(tracker.count == 0)
    // A channel that is opened again counts from 1.
    #expect(tracker.sent(6) == 1)
  }

  @Test func everyEntryIsSettledOnceWhateverTheOrderOfAnswers() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<50 {
      var tracker = ConfirmTracker<UInt64>()
      var settled: [UInt64] = []
      var next: UInt64 = 1
      while settled.count < 1_000 {
        for _ in 0..<Int.random(in: 0...200, using: &random) where next <= 1_000 {
          #expect(tracker.sent(next) == next)
          next += 1
        }
        guard next > 1 else { continue }
        settled += tracker.resolve(
          UInt64.random(in: 1..<next, using: &random), multiple: Bool.random(using: &random))
        if next > 1_000 { settled += tracker.resolve(0, multiple: true) }
      }
      #expect(settled.sorted() == Array(1...1_000))
    }
  }
}

extension ConfirmTracker {
  fileprivate mutating func resolve(_ tag: UInt64, multiple: Bool) -> [Entry] {
    var entries: [Entry] = []
    resolve(tag, multiple: multiple) { entries.append($0) }
    return entries
  }
}
