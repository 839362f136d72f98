import Foundation

/// The task and the run that a guid of the form `<uuid>/<n>` names.
struct TaskRun: Hashable {
  /// The task's uuid as Taskcluster writes it: URL-safe base64 of its 16 bytes, without padding.
  let slug: String
  /// Which run of the task it is, from 0.
  let retry: Int

  /// Reads `guid`; nil for one of another form.
  init?(guid: String) {
    let parts = guid.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let uuid = UUID(uuidString: String(parts[0])), let retry = Int(parts[1]), retry >= 0 else {
      return nil
    }
    self.retry = retry
    slug = withUnsafeBytes(of: uuid.uuid) { Data($0) }.base64EncodedString()
      .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }
}
