/// What can go wrong between a client and its broker.
enum FaultKind: String, Sendable, CaseIterable, CustomStringConvertible {
  /// The broker's process gets signal 9 and is started again.
  case killed
  /// The broker's process is stopped until the client gave it up.
  case silent
  /// Every connection is closed by an operator.
  case closed
  /// The broker's memory alarm is raised and cleared.
  case alarm
  /// The queue is deleted under its consumer.
  case deleted
  /// Connections are reset.
  case cut
  /// Connections are reset in the middle of a frame.
  case cutInsideFrame = "cut-inside-frame"
  /// The network forwards nothing until the client gave it up.
  case stalled
  /// The network lets bytes trickle in small pieces.
  case slow
  /// Connections are reset, and new ones refused for a while.
  case refused

  var description: String { rawValue }
}
