/// A drawing over an axis of time: as wide as there is room, in pixels upwards, so that its texts never shrink.
///
/// Everything that is placed along the axis of time is in percent of the width. What the axes are called, and colours,
/// are the page's and the style sheet's.
struct PlotWriter {
  private var html: HTMLWriter
  let window: TrendsWindow
  let scale: PlotScale
  let height: Int
  /// How many hours stand side by side in a place.
  let hoursPerPlace: Int

  /// Begins a drawing with its grid.
  ///
  /// - Parameters:
  ///   - name: of letters, unlike those of the page's other drawings.
  ///   - summary: what is to be seen, for those who do not see it.
  init(
    name: String, title: String, summary: String, window: TrendsWindow, scale: PlotScale, height: Int,
    hoursPerPlace: Int = 1
  ) {
    html = HTMLWriter(capacity: 16_384)
    (self.window, self.scale, self.height, self.hoursPerPlace) = (window, scale, height, hoursPerPlace)
    text(
      "<svg class=plot role=img aria-labelledby=\"\(name)-title \(name)-summary\" width=\"100%\" "
        + "height=\"\(height + 22)\"><title id=\"\(name)-title\">")
    html.text(title)
    text("</title><desc id=\"\(name)-summary\">")
    html.text(summary)
    text("</desc>")
    for tick in scale.ticks {
      let y = self.y(tick)
      text("<line class=grid x1=0 x2=100% y1=\(y) y2=\(y) /><text class=y x=-8 y=\(y) dy=4>\(scale.label(tick))</text>")
    }
    let labels = window.labels
    for (index, label) in labels.enumerated() {
      // Narrow screens have room for every other one.
      let kind = index % 2 == labels.count % 2 ? " minor" : ""
      let x = Self.percent(label.hour, of: window.hours)
      text(
        "<line class=\"tick\(kind)\" x1=\(x) x2=\(x) y1=\(height) y2=\(height + 4) />"
          + "<text class=\"x\(kind)\" x=\(x) y=\(height + 18)>\(label.text)</text>")
    }
  }

  /// Begins what belongs to a place and is explained by a text that appears over it.
  mutating func beginPlace(_ title: String) {
    text("<g><title>")
    html.text(title)
    text("</title>")
  }

  mutating func endPlace() { text("</g>") }

  /// Piles the parts of a place's value upon each other; each of them can be seen, whatever the others are.
  mutating func stack(place: Int, _ parts: [(letter: StaticString, value: Int)]) {
    let total = parts.reduce(0) { $0 + $1.value }
    var heights = parts.map { max(1, height - y(Int64($0.value))) }
    let excess = heights.reduce(0, +) - (height - y(Int64(total)))
    if excess > 0, let largest = heights.indices.max(by: { heights[$0] < heights[$1] }) {
      heights[largest] = max(1, heights[largest] - excess)
    }
    let (x, width) = (Self.percent(place * 100 + 8, of: places * 100), Self.percent(84, of: places * 100))
    var bottom = height
    for (part, height) in zip(parts, heights) {
      bottom -= height
      text("<rect class=\(part.letter) x=\(x) width=\(width) y=\(bottom) height=\(height) />")
    }
  }

  /// Draws a dot for a place.
  mutating func dot(place: Int, value: Int64, _ kind: StaticString) {
    text(
      "<circle class=\(kind) cx=\(Self.percent(place * 2 + 1, of: places * 2)) cy=\(y(value)) r=\(places > 72 ? 2 : 3) />"
    )
  }

  /// Connects the values of places that follow each other; where one has none, the line is broken.
  mutating func line(_ values: [(place: Int, value: Int64)], _ kind: StaticString) {
    text(
      "<svg class=\"line \(kind)\" viewBox=\"0 0 \(places * 2) \(height)\" preserveAspectRatio=none width=\"100%\" "
        + "height=\"\(height)\">")
    var last: Int?
    for (place, value) in values {
      if last.map({ $0 + 1 == place }) ?? false {
        text(" ")
      } else {
        text(last == nil ? "<polyline points=\"" : "\" /><polyline points=\"")
      }
      text("\(place * 2 + 1),\(y(value))")
      last = place
    }
    text(last == nil ? "</svg>" : "\" /></svg>")
  }

  /// The drawing's markup.
  func ended() -> String { html.string + "</svg>" }

  private var places: Int { (window.hours + hoursPerPlace - 1) / hoursPerPlace }

  private func y(_ value: Int64) -> Int {
    height - Int((Double(min(max(value, 0), scale.top)) * Double(height) / Double(scale.top)).rounded())
  }

  /// Markup of the program's own.
  private mutating func text(_ markup: String) { html.html(markup.utf8) }

  /// A share as a length: `12.5%`.
  static func percent(_ part: Int, of whole: Int) -> String {
    let share = part * 10_000 / max(whole, 1)
    let decimals = share % 100
    return "\(share / 100)\(decimals == 0 ? "" : ".\(decimals < 10 ? "0" : "")\(decimals)")%"
  }
}
