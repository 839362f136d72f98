import Testing

@testable import WebService

@Suite struct PeerPatienceTests {
  private let start = ContinuousClock.now

  private func at(_ seconds: Int) -> ContinuousClock.Instant { start + .seconds(seconds) }

  private var patience: PeerPatience { PeerPatience(patience: .seconds(30)) }

  @Test func aRequestThatIsLateIsGivenUp() {
    var patience = patience
    #expect(patience.verdict(at: start) == .nothing && !patience.isWaiting)
    patience.requestBegan(at: start)
    #expect(patience.verdict(at: at(29)) == .wait(until: at(30)))
    #expect(patience.verdict(at: at(30)) == .giveUpRequest)
    patience.requestEnded()
    #expect(patience.verdict(at: at(31)) == .nothing)
  }

  @Test func muchMayTakeLonger() {
    var patience = patience
    patience.requestBegan(at: start)
    patience.received(bytes: 65 * 10_000)
    #expect(patience.verdict(at: at(30)) == .wait(until: at(40)))
    #expect(patience.verdict(at: at(40)) == .giveUpRequest)
  }

  @Test func noAnswerIsWrittenIntoAnotherOne() {
    var patience = patience
    patience.requestBegan(at: start)
    patience.answerBegan()
    #expect(patience.verdict(at: at(30)) == .close)
  }

  @Test func anAnswerThatNobodyTakesIsGivenUp() {
    var patience = patience
    patience.requestBegan(at: start)
    patience.requestEnded()
    patience.answerBegan()
    patience.wrote(bytes: 65 * 1_000, at: at(1))
    patience.answerEnded(at: at(1))
    #expect(patience.verdict(at: at(31)) == .wait(until: at(32)))
    #expect(patience.verdict(at: at(32)) == .close)
    patience.sentEverything()
    #expect(patience.verdict(at: at(32)) == .nothing)
  }

  @Test func theRestOfARequestThatIsAnsweredIsReadForAMoment() {
    var patience = patience
    patience.requestBegan(at: start)
    patience.answerBegan()
    patience.answerEnded(at: at(1))
    #expect(patience.verdict(at: at(2)) == .wait(until: at(1) + PeerPatience.lingering))
    #expect(patience.verdict(at: at(1) + PeerPatience.lingering) == .close)
  }

  @Test func afterTheLastAnswerAPeerHasAMomentToClose() {
    var patience = patience
    patience.requestBegan(at: start)
    patience.closesAfterAnswer = true
    patience.requestEnded()
    #expect(patience.isLastAnswer && patience.verdict(at: at(40)) == .nothing)
    patience.answerEnded(at: at(41))
    #expect(patience.isWaiting && patience.verdict(at: at(60)) == .close)
  }
}
