/// A file that pages refer to; its address changes with its content, so that browsers need not ask again.
struct PageAsset: Sendable {
  let name: String
  let type: String
  let content: [UInt8]
  /// `/assets/page-0123….css`
  let path: String

  private init(_ name: String, _ suffix: String, type: String, _ content: [UInt8]) {
    let digest = EntityTag.of(content).dropFirst().prefix(16)
    self.name = "\(name)-\(digest).\(suffix)"
    self.type = type
    self.content = content
    path = "/assets/\(self.name)"
  }

  static let style = PageAsset("page", "css", type: "text/css; charset=utf-8", PackageResources.page_css)
  static let script = PageAsset("page", "js", type: "text/javascript; charset=utf-8", PackageResources.page_js)
  static let icon = PageAsset("icon", "svg", type: "image/svg+xml", PackageResources.icon_svg)

  static let all = [style, script, icon]
}
