/// The formats that can be asserted.
enum Format: UInt8, Sendable {
  case none
  case dateTime
  case date
  case time
  case email
  case hostname
  case ipv4
  case ipv6
  case uri
  case uriReference
  case uriTemplate
  case jsonPointer
  case regex

  /// The format of a name in a schema; nil where it is not known.
  init?(name: String) {
    switch name {
    case "date-time": self = .dateTime
    case "date": self = .date
    case "time": self = .time
    case "email": self = .email
    case "hostname": self = .hostname
    case "ipv4": self = .ipv4
    case "ipv6": self = .ipv6
    case "uri": self = .uri
    case "uri-reference": self = .uriReference
    case "uri-template": self = .uriTemplate
    case "json-pointer": self = .jsonPointer
    case "regex": self = .regex
    default: return nil
    }
  }

  /// For a message: "a date and time of RFC 3339".
  var description: String {
    switch self {
    case .none: "anything"
    case .dateTime: "a date and time of RFC 3339"
    case .date: "a date of RFC 3339"
    case .time: "a time of RFC 3339"
    case .email: "an email address"
    case .hostname: "a host name"
    case .ipv4: "an IPv4 address"
    case .ipv6: "an IPv6 address"
    case .uri: "a URI"
    case .uriReference: "a URI reference"
    case .uriTemplate: "a URI template"
    case .jsonPointer: "a JSON pointer"
    case .regex: "a regular expression of ECMA-262"
    }
  }

  /// Whether a string has the format.
  func matches(_ string: UnsafeBufferPointer<UInt8>) -> Bool {
    var text = TextCursor(string)
    return switch self {
    case .none: true
    case .dateTime: DateTimeFormat.matchesDateTime(&text)
    case .date: DateTimeFormat.matchesDate(&text)
    case .time: DateTimeFormat.matchesTime(&text)
    case .email: EmailFormat.matches(&text)
    case .hostname: HostnameFormat.matches(string[...])
    case .ipv4: AddressFormat.matchesIPv4(string[...])
    case .ipv6: AddressFormat.matchesIPv6(string[...])
    case .uri: URIFormat.matches(string[...], needsScheme: true)
    case .uriReference: URIFormat.matches(string[...], needsScheme: false)
    case .uriTemplate: URITemplateFormat.matches(&text)
    case .jsonPointer: JSONPointerFormat.matches(string)
    case .regex: RegexFormat.matches(string)
    }
  }
}
