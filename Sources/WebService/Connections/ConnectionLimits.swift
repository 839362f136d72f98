import Glibc
import HummingbirdCore
import NIOCore

/// What a connection may do, and how many there may be.
enum ConnectionLimits {
  /// HTTP 1.1 with peers that are not waited for forever.
  ///
  /// A head may have 80 KiB in a thousand fields, its address included: enough for the ids of a page of jobs.
  static func http(idleTimeout: Duration) -> HTTP1Channel.Configuration {
    .init(
      additionalChannelHandlers: [PeerGuard(patience: idleTimeout / 2)], idleTimeout: TimeAmount(idleTimeout),
      httpDecoderConfiguration: .init(
        maxHeaderFieldSize: 80 << 10, maxHeaderListSize: 80 << 10, maxHeaderFieldCount: 1_000))
  }

  /// Files that the process needs beside its connections.
  private static let reservedFiles = 64

  /// How many connections there may be, of those that are wanted: each is an open file.
  static func connections(_ wanted: Int) -> Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return wanted }
    return max(1, min(wanted, Int(clamping: limit.rlim_cur) - reservedFiles))
  }
}
