import HTTPTypes
import Hummingbird
import NIOCore

/// `/api/openapi.json` and the page `/api/` that shows it: both made from the table of routes.
struct DescriptionRoutes: RouteGroup {
  let routes: [DescribedRoute]

  func register(on router: Router<WebContext>) {
    let (description, page) = (openAPI, page)
    router.get("api/openapi.json") { request, _ in description.response(to: request) }
    router.get("api") { _, _ in
      Response(
        status: .ok, headers: [.contentType: "text/html; charset=utf-8"],
        body: .init(byteBuffer: ByteBuffer(string: page)))
    }
  }

  /// The routes of each path, in the order in which the paths come first.
  private var paths: [(path: String, routes: [DescribedRoute])] {
    var paths: [(path: String, routes: [DescribedRoute])] = []
    for route in routes {
      if let index = paths.firstIndex(where: { $0.path == route.path }) {
        paths[index].routes.append(route)
      } else {
        paths.append((route.path, [route]))
      }
    }
    return paths
  }

  private var openAPI: JSONWriter {
    var json = JSONWriter(capacity: 32_768)
    json.object { json in
      json.member("openapi", "3.0.3")
      json.name("info")
      json.object { json in
        json.member("title", "Drover")
        json.member("description", "The results of CI jobs, as Treeherder's clients submit and ask for them.")
        json.member("version", "1.0")
      }
      json.name("paths")
      json.object { json in
        for (path, routes) in paths {
          json.name(path)
          json.object { json in
            for route in routes {
              json.name(route.method)
              json.object { write(route, to: &$0) }
            }
          }
        }
      }
    }
    return json
  }

  private func write(_ route: DescribedRoute, to json: inout JSONWriter) {
    json.member("summary", route.summary)
    json.name("parameters")
    json.array { json in
      for name in route.placeholders {
        write(name, in: "path", isRequired: true, type: name == "id" ? "integer" : "string", nil, to: &json)
      }
      for parameter in route.parameters {
        write(parameter.name, in: "query", isRequired: false, type: "string", parameter.meaning, to: &json)
      }
    }
    if let body = route.body {
      json.name("requestBody")
      json.object { json in
        json.member("description", body)
        json.member("required", true)
        json.name("content")
        json.object { json in
          json.name("application/json")
          json.object { json in
            json.name("schema")
            json.object { json in
              json.member("type", "array")
              json.name("items")
              json.object { $0.member("type", "object") }
            }
          }
        }
      }
    }
    json.name("responses")
    json.object { json in
      for answer in route.answers {
        json.name(answer.status)
        json.object { $0.member("description", answer.meaning) }
      }
    }
  }

  private func write(
    _ name: String, in place: String, isRequired: Bool, type: String, _ meaning: String?, to json: inout JSONWriter
  ) {
    json.object { json in
      json.member("name", name)
      json.member("in", place)
      json.member("required", isRequired)
      if let meaning { json.member("description", meaning) }
      json.name("schema")
      json.object { $0.member("type", type) }
    }
  }

  // MARK: Page

  private var page: String {
    var html = """
      <!doctype html>
      <html lang="en"><meta charset="utf-8"><title>Drover's HTTP interface</title>
      <style>body { font: 16px/1.5 sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em }
      code { background: #eee; padding: 0 .2em } dt { margin-top: 1em } dd dd { margin-left: 1em }</style>
      <h1>Drover's HTTP interface</h1>
      <p>Answers are JSON. For programs: <a href="/api/openapi.json">openapi.json</a>.</p>
      <dl>

      """
    for route in routes {
      html +=
        "<dt><code>\(route.method.uppercased()) \(Self.escaped(route.path))</code><dd>\(Self.escaped(route.summary))\n"
      if let body = route.body { html += "<div>\(Self.escaped(body))</div>\n" }
      for parameter in route.parameters {
        html += "<div><code>\(Self.escaped(parameter.name))</code>: \(Self.escaped(parameter.meaning))</div>\n"
      }
    }
    return html + "</dl>\n"
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
