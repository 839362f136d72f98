import ArgumentParser

/// What becomes of jobs whose push the store does not know.
struct PushOptions: ParsableArguments {
  @Flag(
    inversion: .prefixedNo,
    help: "Whether a push that is not known is made from its first job; if not, its jobs wait for it.")
  var createPushes = true
}
