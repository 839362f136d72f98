/// Why a run could not go on.
struct TrafficFailure: Error, CustomStringConvertible {
  let description: String
}
