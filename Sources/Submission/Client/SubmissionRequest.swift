import NIOHTTP1

/// A request before it is signed; it is signed anew for every attempt.
struct SubmissionRequest {
  /// The server's URL without a slash at its end, as the user gave it.
  let server: String
  let project: String
  let endpoint: String
  let body: [UInt8]
  let credentials: SubmissionCredentials

  static let contentType = "application/json"

  /// What goes out, and what its answer is checked against.
  struct Signed {
    let url: String
    let headers: HTTPHeaders
    let hawk: Hawk.SignedRequest?
  }

  /// - Throws: ``SubmissionError`` with code `invalidConfiguration` where `server` is no URL.
  static func checked(server: String) throws(SubmissionError) -> String {
    var server = server[...]
    while server.hasSuffix("/") { server.removeLast() }
    do throws(SignatureError) {
      let address = try RequestAddress(method: "POST", url: String(server))
      guard address.query.isEmpty, !server.contains("?"), !server.contains("#") else {
        throw SignatureError(.invalidAddress, "the URL of a server has no query and no fragment")
      }
    } catch {
      throw SubmissionError(.invalidConfiguration, "the server's URL cannot be used: \(error)", underlying: error)
    }
    return String(server)
  }

  /// - Throws: ``SubmissionError`` with code `invalidConfiguration` for a name that no path can have.
  static func checked(project: String) throws(SubmissionError) {
    guard !project.isEmpty, project != ".", project != "..", !project.contains("/") else {
      throw SubmissionError(.invalidConfiguration, "\"\(project)\" is no name of a project")
    }
  }

  private var url: String { "\(server)/api/project/\(QueryParameters.encode(project))/\(endpoint)/" }

  /// - Throws: ``SubmissionError`` with code `invalidConfiguration` where the credentials cannot be sent.
  func signed(at timestamp: Int64, userAgent: String) throws(SubmissionError) -> Signed {
    var headers: HTTPHeaders = [
      "Accept": "application/json; version=1.0", "Content-Type": Self.contentType, "User-Agent": userAgent,
    ]
    do throws(SignatureError) {
      let address = try RequestAddress(method: "POST", url: url)
      switch credentials {
      case .none: return Signed(url: url, headers: headers, hawk: nil)
      case .hawk(let credentials):
        let signed = try Hawk.SignedRequest(
          address, content: .init(type: Self.contentType, body: body), credentials: credentials, timestamp: timestamp)
        headers.add(name: "Authorization", value: signed.authorization)
        return Signed(url: url, headers: headers, hawk: signed)
      case .oauth(let credentials):
        let target = try OAuth.sign(
          address, body: body, user: project, credentials: credentials, timestamp: timestamp)
        let origin = "\(address.isSecure ? "https" : "http")://\(address.authority)"
        return Signed(url: origin + target, headers: headers, hawk: nil)
      }
    } catch {
      throw SubmissionError(.invalidConfiguration, "the request cannot be signed: \(error)", underlying: error)
    }
  }
}
