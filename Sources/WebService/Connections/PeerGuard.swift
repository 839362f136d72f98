import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Stands between a connection and what answers on it: gives up peers that take too long, as ``PeerPatience`` says, tells
/// those that wait for it to go on (`Expect: 100-continue`), and answers requests that cannot be read.
///
/// Bytes that make up no request yet are the idle time-out's.
final class PeerGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private var patience: PeerPatience
  private var check: (time: ContinuousClock.Instant, task: Scheduled<Void>)?
  /// How many answers, or events, were written: one that has gone out does not speak for a later one.
  private var answers = 0
  /// Whether the connection's own answer, after which nothing follows, has been written.
  private var isEnding = false
  /// Whether the answer is one that goes on for as long as the peer likes: what of it has gone out is not counted then.
  private var isEventStream = false

  init(patience: Duration) { self.patience = PeerPatience(patience: patience) }

  // MARK: What comes

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isEnding else { return }
    switch unwrapInboundIn(data) {
    case .head(var request):
      if closes(after: request) {
        request.headerFields[.connection] = "close"
        patience.closesAfterAnswer = true
      }
      if patience.isResting, request.headerFields[.expect]?.lowercased() == "100-continue" {
        context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
      }
      patience.requestBegan(at: .now)
      return context.fireChannelRead(wrapInboundOut(.head(request)))
    case .body(let bytes): patience.received(bytes: bytes.readableBytes)
    case .end: patience.requestEnded()
    }
    context.fireChannelRead(data)
  }

  /// Whether nothing more is read after a request: as it asks for, in whatever letters, or because what follows would be
  /// of another protocol, and is not parsed.
  private func closes(after request: HTTPRequest) -> Bool {
    if request.method == .connect { return true }
    guard let words = request.headerFields[.connection]?.lowercased() else { return false }
    return words.split(separator: ",").contains { word in
      let word = word.drop { $0 == " " || $0 == "\t" }
      return word.hasPrefix("close") || word.hasPrefix("upgrade")
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    look(context)
    context.fireChannelReadComplete()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard !isEnding else { return }
    // What was read before has to be answered first; then whoever answers gets to know of the error.
    guard patience.mayAnswer else { return context.fireErrorCaught(error) }
    switch error {
    case HTTPParserError.headerOverflow: end(context, .requestHeaderFieldsTooLarge)
    case HTTPParserError.invalidVersion: end(context, .httpVersionNotSupported)
    case is HTTPParserError: end(context, .badRequest)
    default: context.fireErrorCaught(error)
    }
  }

  // MARK: What goes

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard !isEnding else {
      promise?.fail(ChannelError.outputClosed)
      return
    }
    var promise = promise
    switch unwrapOutboundIn(data) {
    case .head(let head) where head.status.kind == .informational: break
    case .head(var head):
      patience.answerBegan()
      isEventStream = head.headerFields[.contentType] == EventRoutes.contentType
      if patience.isLastAnswer {
        head.headerFields[.connection] = "close"
        return context.write(wrapOutboundOut(.head(head)), promise: promise)
      }
    case .body(let bytes):
      patience.wrote(bytes: bytes.readableBytes, at: .now)
      if isEventStream { promise = countingAnswer(promise, context) }
    case .end:
      patience.wrote(bytes: 0, at: .now)
      patience.answerEnded(at: .now)
      promise = countingAnswer(promise, context)
    }
    context.write(data, promise: promise)
  }

  /// A promise that is kept when what is written now has gone out, and everything before it.
  private func countingAnswer(
    _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext
  ) -> EventLoopPromise<Void> {
    let sent = promise ?? context.eventLoop.makePromise()
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    answers += 1
    let number = answers
    sent.futureResult.whenComplete { _ in bound.value.sent(number) }
    return sent
  }

  func flush(context: ChannelHandlerContext) {
    context.flush()
    look(context)
  }

  private func sent(_ number: Int) {
    if number == answers { patience.sentEverything() }
  }

  // MARK: Enough

  private func look(_ context: ChannelHandlerContext) {
    guard !isEnding, patience.isWaiting else { return }
    switch patience.verdict(at: .now) {
    case .nothing: break
    case .wait(let time): schedule(context, at: time)
    case .giveUpRequest: end(context, .requestTimeout)
    case .close: context.close(promise: nil)
    }
  }

  /// Looks again at that time, or earlier where that is planned already.
  private func schedule(_ context: ChannelHandlerContext, at time: ContinuousClock.Instant) {
    if let check {
      guard time < check.time else { return }
      check.task.cancel()
    }
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    let task = context.eventLoop.scheduleTask(in: TimeAmount(time - .now)) {
      let (peerGuard, context) = bound.value
      peerGuard.check = nil
      peerGuard.look(context)
    }
    check = (time, task)
  }

  /// Answers with nothing but a status and closes, late enough for a peer that is still sending to read it.
  private func end(_ context: ChannelHandlerContext, _ status: HTTPResponse.Status) {
    isEnding = true
    let head = HTTPResponse(status: status, headerFields: [.connection: "close", .contentLength: "0"])
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    context.close(mode: .output, promise: nil)
    check?.task.cancel()
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    let task = context.eventLoop.scheduleTask(in: TimeAmount(PeerPatience.lingering)) {
      bound.value.close(promise: nil)
    }
    check = (.now + PeerPatience.lingering, task)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    check?.task.cancel()
    check = nil
  }
}
