/// Signatures computed with Python's hashlib over the fourteen properties that Treeherder joins.
enum SignatureFacts {
  static let withoutMachines = "da23261691e55cf7be9d20ee2557e896c7b9b31a"
  static let onLinux = "eb8e6beaa650abba9b291ddaa5e28ef98fb38f05"
}
