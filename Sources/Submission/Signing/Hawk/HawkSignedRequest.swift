import Foundation

extension Hawk {
  /// A request of a client: its field `Authorization`, and what its answer is checked against.
  public struct SignedRequest: Sendable {
    /// The value of `Authorization`.
    public let authorization: String
    /// Seconds since 1970-01-01 00:00:00 UTC that it was signed at.
    public let timestamp: Int64
    /// What makes it another request than one with the same content in the same second.
    public let nonce: String

    private let address: RequestAddress
    private let signed: Signed
    private let secret: Secret

    /// Signs a request.
    ///
    /// - Parameters:
    ///   - address: where it goes.
    ///   - content: its body; nil leaves the payload hash out, which servers accept only where there is no body.
    ///   - credentials: whose request it is.
    ///   - timestamp: the time in seconds since 1970-01-01 00:00:00 UTC.
    ///   - nonce: a text that no other request of this second has; by default one made by chance.
    ///   - ext: a text of the application's own, which is signed too.
    ///   - app: the id of an application that acts for a user.
    ///   - dlg: the id of the application that delegated to `app`.
    /// - Throws: ``SignatureError`` with code `invalidArgument` for what cannot be put into a field.
    public init(
      _ address: RequestAddress, content: Content?, credentials: Credentials, timestamp: Int64, nonce: String? = nil,
      ext: String? = nil, app: String? = nil, dlg: String? = nil
    ) throws(SignatureError) {
      let nonce = nonce ?? Nonce.make()
      let optional = [("ext", ext), ("app", app), ("dlg", dlg)]
      for (name, value) in [("id", credentials.id), ("nonce", nonce)] + optional {
        try HawkAttributes.checkSendable(value, as: name)
      }
      guard timestamp >= 0 else { throw SignatureError(.invalidArgument, "the time is before 1970") }
      guard app != nil || dlg == nil else {
        throw SignatureError(.invalidArgument, "dlg is signed only together with app")
      }
      signed = Signed(timestamp: "\(timestamp)", nonce: nonce, hash: content?.hash, ext: ext, app: app, dlg: dlg)
      var attributes = [("id", credentials.id), ("ts", signed.timestamp), ("nonce", nonce)]
      if let hash = signed.hash { attributes.append(("hash", hash)) }
      for case (let name, let value?) in optional { attributes.append((name, value)) }
      attributes.append(("mac", signed.mac("header", address, credentials.secret)))
      authorization = "Hawk " + attributes.map { "\($0)=\"\($1)\"" }.joined(separator: ", ")
      guard authorization.utf8.count <= Hawk.maximumLength else {
        throw SignatureError(.invalidArgument, "the field has more than \(Hawk.maximumLength) bytes")
      }
      (self.address, secret) = (address, credentials.secret)
      (self.timestamp, self.nonce) = (timestamp, nonce)
    }

    /// Checks that the answer comes from somebody who has the secret, and is the answer to this very request.
    ///
    /// Its age is not looked at: it is signed over this request's time and nonce, so that it cannot be an older one.
    ///
    /// - Parameters:
    ///   - field: the value of `Server-Authorization`; nil where the answer has none.
    ///   - content: the answer's body.
    /// - Returns: what the server signed as `ext`.
    /// - Throws: ``SignatureError``; an answer with a body has to have a payload hash.
    @discardableResult
    public func verify(serverAuthorization field: String?, content: Content) throws(SignatureError) -> String? {
      guard let field else { throw SignatureError(.missingAttribute, "the answer has no Server-Authorization") }
      let attributes = try HawkAttributes(field, allowed: ["mac", "hash", "ext"])
      var expected = signed
      (expected.hash, expected.ext) = (attributes["hash"], attributes["ext"])
      guard Digest.areEqual(try attributes.required("mac"), expected.mac("response", address, secret)) else {
        throw SignatureError(.badMAC, "the answer was signed with another secret, or for another request")
      }
      try Hawk.check(expected.hash, of: content, "the answer's body or its type is not the one that was signed")
      return expected.ext
    }
  }

  /// - Throws: ``SignatureError`` where `hash` is not `content`'s, or is missing though there is something to hash.
  static func check(_ hash: String?, of content: Content, _ message: String) throws(SignatureError) {
    guard let hash else {
      if content.isNothing { return }
      throw SignatureError(.missingAttribute, "the attribute hash is missing, though there is a body or a type of one")
    }
    guard Digest.areEqual(hash, content.hash) else { throw SignatureError(.badHash, message) }
  }
}
