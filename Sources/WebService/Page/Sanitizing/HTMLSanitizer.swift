/// Takes away from HTML what is not known to be harmless, by writing anew what is.
///
/// Tags and attributes come out only if they are listed here, balanced and quoted; of other tags the text between them
/// stays, except of those whose content is no text. Links lead to other servers by HTTP, in a window of their own.
struct HTMLSanitizer {
  /// Tags that are kept, with the attributes that they may have besides `title`.
  private static let allowed: [String: Set<String>] = {
    var allowed: [String: Set<String>] = [:]
    let plain = """
      abbr b bdi bdo blockquote br caption cite code dd del dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i ins kbd li mark ol p pre \
      q s samp small span strong sub sup table tbody tfoot thead tr tt u ul var wbr
      """
    for name in plain.split(separator: " ") { allowed[String(name)] = [] }
    allowed["a"] = ["href"]
    for name in ["td", "th"] { allowed[name] = ["colspan", "rowspan"] }
    return allowed
  }()

  private static let void: Set<String> = ["br", "hr", "wbr"]

  /// Their content is no text, or not for people.
  private static let dropped: Set<String> = [
    "applet", "audio", "canvas", "embed", "frameset", "head", "iframe", "math", "noembed", "noframes", "noscript",
    "object", "option", "plaintext", "script", "select", "style", "svg", "template", "textarea", "title", "video",
    "xmp",
  ]

  /// A browser nests to 512; nobody needs as much.
  private static let maximumDepth = 32
  private static let maximumSpan = 100

  private var output = HTMLWriter()
  private var open: [String] = []

  /// HTML that may stand in a page.
  static func sanitized(_ html: String) -> String {
    var sanitizer = HTMLSanitizer()
    var tokenizer = HTMLTokenizer(html)
    while let token = tokenizer.next() {
      switch token {
      case .text(let bytes): sanitizer.text(bytes)
      case .start(let name, let attributes, let isSelfClosing):
        if dropped.contains(name) {
          // In drawings and formulas `<svg/>` is whole; elsewhere the slash means nothing.
          if name == "embed" || isSelfClosing && (name == "svg" || name == "math") { continue }
          tokenizer.skip(pastEndOf: name)
        } else {
          sanitizer.start(name, attributes)
        }
      case .end(let name): sanitizer.end(name)
      }
    }
    while let name = sanitizer.open.popLast() { sanitizer.writeEnd(name) }
    return sanitizer.output.string
  }

  // MARK: Text

  private mutating func text(_ bytes: ArraySlice<UInt8>) {
    var start = bytes.startIndex
    var index = start
    while index < bytes.endIndex {
      // References to characters stay what they are: they only ever make text.
      if bytes[index] == UInt8(ascii: "&"), let end = CharacterReference.end(bytes, at: index) {
        escaped(bytes[start..<index])
        output.html(bytes[index..<end])
        if bytes[end - 1] != UInt8(ascii: ";") { output.markup(";") }
        index = end
        start = end
      } else {
        index += 1
      }
    }
    escaped(bytes[start...])
  }

  private mutating func escaped(_ bytes: ArraySlice<UInt8>) { bytes.withUnsafeBufferPointer { output.text($0) } }

  // MARK: Tags

  private mutating func start(_ name: String, _ attributes: [HTMLToken.Attribute]) {
    if name == "img" {
      // A picture would be asked for from elsewhere; its description need not.
      if let description = attributes.first(where: { $0.name == "alt" })?.value { output.text(description) }
      return
    }
    guard let allowed = Self.allowed[name], open.count < Self.maximumDepth || Self.void.contains(name) else { return }
    // A link in a link would end the outer one in a browser's eyes only.
    if name == "a", open.contains("a") { return }
    output.html("<\(name)".utf8)
    for attribute in attributes where attribute.name == "title" || allowed.contains(attribute.name) {
      switch attribute.name {
      case "href":
        guard let address = WebLink.external(attribute.value) else { continue }
        write("href", address)
        output.markup(" target=\"_blank\" rel=\"noopener noreferrer\"")
      case "colspan", "rowspan":
        guard let span = Int(attribute.value), (1...Self.maximumSpan).contains(span) else { continue }
        write(attribute.name, "\(span)")
      default: write(attribute.name, attribute.value)
      }
    }
    output.markup(">")
    if !Self.void.contains(name) { open.append(name) }
  }

  private mutating func write(_ name: String, _ value: String) {
    output.html(" \(name)=\"".utf8)
    output.text(value)
    output.markup("\"")
  }

  private mutating func end(_ name: String) {
    guard let index = open.lastIndex(of: name) else { return }
    while open.count > index { writeEnd(open.removeLast()) }
  }

  private mutating func writeEnd(_ name: String) { output.html("</\(name)>".utf8) }
}
