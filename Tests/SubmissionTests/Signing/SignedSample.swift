import Submission

/// The request that the signing tests are about, and whose it is.
enum SignedSample {
  static let secret = Secret("wool-and-wethers")
  static let credentials = Hawk.Credentials(id: "orchard-ci", secret: secret)
  static let now: Int64 = 1_448_100_000
  static let url = "https://example.org/api/project/orchard/jobs/"
  static let content = Hawk.Content(type: "application/json", body: Array(#"[{"project": "orchard"}]"#.utf8))
  static let answer = Hawk.Content(
    type: "application/json", body: Array(#"{"message": "Job successfully updated"}"#.utf8))

  static func address() throws -> RequestAddress { try RequestAddress(method: "POST", url: url) }

  static func hawk(ext: String? = nil) throws -> Hawk.SignedRequest {
    try Hawk.SignedRequest(
      address(), content: content, credentials: credentials, timestamp: now, nonce: "j4h3g2", ext: ext)
  }
}

/// The code of the error that `body` throws; nil where it throws none.
func refusal<Value>(_ body: () throws(SignatureError) -> Value) -> SignatureError.Code? {
  do throws(SignatureError) {
    _ = try body()
    return nil
  } catch {
    return error.code
  }
}
