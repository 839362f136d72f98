/// Deliveries that nobody has taken yet, oldest first.
struct DeliveryBuffer {
  private(set) var deliveries: [Delivery] = []
  /// The bytes of their bodies.
  private(set) var byteCount = 0

  var isEmpty: Bool { deliveries.isEmpty }
  var count: Int { deliveries.count }

  mutating func append(_ delivery: Delivery) {
    deliveries.append(delivery)
    byteCount += delivery.body.count
  }

  mutating func putBack(_ taken: [Delivery]) {
    deliveries.insert(contentsOf: taken, at: 0)
    byteCount += taken.reduce(0) { $0 + $1.body.count }
  }

  mutating func removeAll() { self = DeliveryBuffer() }

  /// Takes the oldest ones: `maximum` at most, and no more after the one that makes them `bytes` together.
  mutating func take(upTo maximum: Int, bytes: Int) -> [Delivery] {
    if deliveries.count <= maximum, byteCount <= bytes {
      defer { removeAll() }
      return deliveries
    }
    var (count, size) = (0, 0)
    while count < min(maximum, deliveries.count), size < bytes {
      size += deliveries[count].body.count
      count += 1
    }
    defer {
      deliveries.removeFirst(count)
      byteCount -= size
    }
    return Array(deliveries[..<count])
  }
}
