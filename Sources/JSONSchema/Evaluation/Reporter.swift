@_spi(Tape) import JSON

/// Receives what an evaluation finds.
protocol Reporter {
  /// Whether anything is kept, so that the evaluation must go on after the first break.
  static var collects: Bool { get }
  /// Whether no more is kept.
  var isFull: Bool { get }
  func enter(_ step: SchemaStep)
  func leaveSchema()
  func enter(_ step: InstanceStep)
  func leaveInstance()
  func add(_ keyword: Keyword, _ message: String)
}

/// A step on the way through a schema. The name becomes a string only where it is reported.
struct SchemaStep {
  let keyword: Keyword
  var name: UnsafeBufferPointer<UInt8>?
  var index: Int?

  init(_ keyword: Keyword, name: UnsafeBufferPointer<UInt8>? = nil, index: Int? = nil) {
    self.keyword = keyword
    self.name = name
    self.index = index
  }
}

/// A step on the way through a document.
enum InstanceStep {
  case member(UnsafeBufferPointer<UInt8>)
  case element(Int)
}

/// Keeps nothing: the first break ends the evaluation.
struct SilentReporter: Reporter {
  static var collects: Bool { false }
  var isFull: Bool { true }
  func enter(_ step: SchemaStep) {}
  func leaveSchema() {}
  func enter(_ step: InstanceStep) {}
  func leaveInstance() {}
  func add(_ keyword: Keyword, _ message: String) {}
}
