extension Hawk {
  /// The field `Authorization` of a request that has arrived: read, and not believed yet.
  public struct Authorization: Sendable {
    /// Whose request it claims to be.
    public let id: String
    /// Seconds since 1970-01-01 00:00:00 UTC that it claims to be signed at.
    public let timestamp: Int64
    /// What is to come but once with this id and time.
    public let nonce: String
    /// The application's own text, if any.
    public var ext: String? { signed.ext }

    private let signed: Signed
    private let mac: String

    /// Reads the value of `Authorization`.
    ///
    /// - Throws: ``SignatureError`` for another scheme (`unknownScheme`) and for anything that is not exactly what Hawk
    ///   asks for.
    public init(_ field: String) throws(SignatureError) {
      let attributes = try HawkAttributes(
        field, allowed: ["id", "ts", "nonce", "hash", "ext", "mac", "app", "dlg"])
      id = try attributes.required("id")
      timestamp = try attributes.seconds("ts")
      nonce = try attributes.required("nonce")
      mac = try attributes.required("mac")
      signed = Signed(
        timestamp: try attributes.required("ts"), nonce: nonce, hash: attributes["hash"], ext: attributes["ext"],
        app: attributes["app"], dlg: attributes["dlg"])
      // Without app, dlg is not among what is signed: anybody could have added it.
      guard signed.app != nil || signed.dlg == nil else { throw .missing("app") }
    }

    /// Checks MAC, payload hash and time, in this order; whether the nonce is new is for the caller to say, afterwards.
    ///
    /// - Parameters:
    ///   - address: where the request arrived, as its client sees it.
    ///   - content: its body, as it came.
    ///   - secret: the one that ``id`` has; two ids may not share one, since the id is not among what is signed.
    ///   - now: seconds since 1970-01-01 00:00:00 UTC.
    ///   - skew: how far off its time may be, in seconds.
    /// - Throws: ``SignatureError`` with code `badMAC`, `badHash`, `missingAttribute` (a body without a hash) or `stale`.
    public func verify(
      _ address: RequestAddress, content: Content, secret: Secret, now: Int64, skew: Int64 = Hawk.defaultSkew
    ) throws(SignatureError) -> AcceptedRequest {
      guard Digest.areEqual(mac, signed.mac("header", address, secret)) else {
        throw SignatureError(
          .badMAC, "the signature was made with another secret, or for another method, host, port or path")
      }
      try Hawk.check(signed.hash, of: content, "the body or its type is not the one that was signed")
      try SignatureError.checkAge(of: timestamp, now: now, limit: skew)
      return AcceptedRequest(id: id, signed: signed, address: address, secret: secret)
    }
  }

  /// A request whose signature is right: what its answer is signed with.
  public struct AcceptedRequest: Sendable {
    /// Whose request it is.
    public let id: String
    let signed: Signed
    let address: RequestAddress
    let secret: Secret

    /// The value of `Server-Authorization` for an answer.
    ///
    /// - Parameters:
    ///   - content: the answer's type and body, exactly as they are sent.
    ///   - ext: a text of the application's own, which is signed too.
    /// - Throws: ``SignatureError`` with code `invalidArgument` where `ext` cannot be put into a field.
    public func serverAuthorization(for content: Content, ext: String? = nil) throws(SignatureError) -> String {
      try HawkAttributes.checkSendable(ext, as: "ext")
      var answer = signed
      (answer.hash, answer.ext) = (content.hash, ext)
      let mac = answer.mac("response", address, secret)
      return "Hawk mac=\"\(mac)\", hash=\"\(content.hash)\"" + (ext.map { ", ext=\"\($0)\"" } ?? "")
    }
  }
}
