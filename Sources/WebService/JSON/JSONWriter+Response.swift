import HTTPTypes
import Hummingbird
import NIOCore

extension JSONWriter {
  /// What was written as an answer.
  func response(status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}
