/// A bar on standard error for work that takes long; nothing where that is no terminal.
public struct ProgressBar {
  private let total: Int
  private let unit: String
  private let isShown: Bool
  private var nextDrawing: ContinuousClock.Instant
  private var isDrawn = false

  /// Work that is short shows no bar; a person begins to wonder after about this long.
  private static let patience = Duration.milliseconds(500)
  private static let interval = Duration.milliseconds(100)
  private static let width = 30

  /// - Parameters:
  ///   - total: how much there is to do, in any unit; 0 where that is not known.
  ///   - unit: what is counted beside the bar.
  public init(total: Int, unit: String) {
    self.total = total
    self.unit = unit
    isShown = Console.isTerminal
    nextDrawing = .now + Self.patience
  }

  /// Shows how far the work is.
  public mutating func update(done: Int, count: Int) {
    guard isShown, ContinuousClock.now >= nextDrawing else { return }
    nextDrawing = .now + Self.interval
    isDrawn = true
    guard total > 0 else { return Console.draw("\r\(count) \(unit)") }
    let filled = min(done * Self.width / total, Self.width)
    let bar = String(repeating: "#", count: filled) + String(repeating: " ", count: Self.width - filled)
    Console.draw("\r[\(bar)] \(min(done * 100 / total, 100)) %  \(count) \(unit)")
  }

  /// Takes the bar away.
  public mutating func clear() {
    guard isDrawn else { return }
    Console.draw("\r\u{1B}[K")
    isDrawn = false
  }
}
