/// How submissions are signed.
public enum SubmissionCredentials: Sendable {
  /// Not at all.
  case none
  /// With Hawk, as Treeherder's second generation of clients does.
  case hawk(Hawk.Credentials)
  /// With OAuth 1.0a in the query, as the first generation did; the credentials are those of one project.
  case oauth(OAuth.Credentials)

  var secret: Secret? {
    switch self {
    case .none: nil
    case .hawk(let credentials): credentials.secret
    case .oauth(let credentials): credentials.secret
    }
  }
}
