import Testing

/// The client while its broker or its network fails.
///
/// Everything in here harms one broker, so that one test runs after the other.
@Suite(.serialized) struct FaultTests {}
