import Glibc

/// The name that a broker's certificate has to hold.
///
/// Addresses are held against the addresses in a certificate and names against its names: a certificate for the name
/// `127.0.0.1` proves nothing about that address.
enum PeerName: Equatable {
  case host(String)
  case address(String)

  init(_ text: String) {
    // A zone says which way out of this machine to take; certificates know nothing of it.
    let withoutZone = text.contains(":") ? String(text.prefix { $0 != "%" }) : text
    var storage = in6_addr()
    let isAddress = [AF_INET, AF_INET6].contains { inet_pton($0, withoutZone, &storage) == 1 }
    if isAddress {
      self = .address(withoutZone)
    } else {
      // The dot that ends a complete name is part of neither certificates nor SNI (RFC 6066, 3).
      self = .host(text.hasSuffix(".") ? String(text.dropLast()) : text)
    }
  }

  var text: String {
    switch self {
    case .host(let text), .address(let text): text
    }
  }
}
