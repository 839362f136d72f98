/// Which of a channel's requests an answer belongs to: the oldest one that waits for its kind.
enum AnswerKind {
  /// RabbitMQ's channels answer in the order of the requests,
  case inOrder
  /// and hand these two to the queue, whose answer may come after those to later requests.
  case consume, cancel
}

extension ClientMethod {
  /// What answers it.
  var answer: AnswerKind {
    switch self {
    case .consume: .consume
    case .cancel: .cancel
    default: .inOrder
    }
  }
}

extension ServerMethod {
  /// What it is an answer to, if it is one.
  var answer: AnswerKind {
    switch self {
    case .consumeOK: .consume
    case .cancelOK: .cancel
    default: .inOrder
    }
  }
}
