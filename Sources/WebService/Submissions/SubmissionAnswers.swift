import HTTPTypes
import Hummingbird
import Ingestion

/// A client that sends more than it may.
struct TooManyRequests: Error {
  /// In seconds.
  let retryAfter: Int

  var json: JSONWriter {
    var json = JSONWriter()
    json.object { $0.member("detail", "Request was throttled. Expected available in \(retryAfter) seconds.") }
    return json
  }
}

extension SubmissionAuthenticator.Refusal {
  var response: Response {
    var response = WebError(.unauthorized, .detail("The signature is not accepted: \(reason).")).response
    response.headers[.wwwAuthenticate] = challenge
    return response
  }
}

extension WebError {
  /// Something that was well-formed and that the database does not take.
  static let unstorable = WebError(.badRequest, .detail("The store does not take this."))
}

extension CollectionRejection {
  /// How many problems the message repeats; all of them stand in the list.
  private static let maximumInMessage = 5

  /// `{"message": …, "errors": [{"property": …, "message": …}]}`
  var json: JSONWriter {
    var json = JSONWriter()
    json.object { json in
      guard case .invalid(let problems) = self else {
        json.member("message", description)
        return
      }
      let first = problems.prefix(Self.maximumInMessage).map(\.description).joined(separator: "; ")
      let rest = problems.count - min(problems.count, Self.maximumInMessage)
      json.member("message", rest > 0 ? "\(first); and \(rest) more" : first)
      json.name("errors")
      json.array { json in
        for problem in problems {
          json.object { json in
            json.member("property", problem.path)
            json.member("message", problem.message)
          }
        }
      }
    }
    return json
  }
}

extension JSONWriter {
  /// `{"message": …}`
  static func message(_ text: String) -> JSONWriter {
    var json = JSONWriter()
    json.object { $0.member("message", text) }
    return json
  }
}

extension HTTPField.Name {
  /// Proves to a client that speaks Hawk who answers. A field's name may hold letters and dashes: this one can always be
  /// made.
  static let serverAuthorization = HTTPField.Name("Server-Authorization") ?? .cookie
}
