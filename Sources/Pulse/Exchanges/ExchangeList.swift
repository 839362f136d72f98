import JSON

/// The exchanges that a listener hears, as `exchanges.json` lists them.
public struct ExchangeList: Sendable, Hashable {
  /// One exchange, and what is wanted of it.
  public struct Entry: Sendable, Hashable {
    /// The exchange's full name, `exchange/<user>/…`.
    public let exchange: String
    /// The first parts of the routing keys.
    public let destinations: [String]
    /// The second parts of the routing keys; `#` means every project.
    public let projects: [String]

    /// A key for every destination and project.
    public var routingKeys: [String] {
      destinations.flatMap { destination in projects.map { "\(destination).\($0)" } }
    }
  }

  /// The entries in the file's order.
  public let entries: [Entry]

  /// Reads the text of `exchanges.json`: a list of `{"exchange": …, "destinations": […], "projects": […]}`.
  ///
  /// - Parameter file: how errors call it.
  /// - Throws: ``PulseError`` with code `invalidConfiguration`, which names the entry, counted from 1.
  public init(json text: [UInt8], file: String) throws(PulseError) {
    do {
      entries = try JSONParser().withDocument(of: text) { try Self.read($0, file) }
    } catch let error as PulseError {
      throw error
    } catch {
      throw PulseError(.invalidConfiguration, "\(file): not JSON: \(error)")
    }
  }

  private static func read(_ document: JSONValue, _ file: String) throws -> [Entry] {
    guard let elements = document.elements else {
      throw PulseError(.invalidConfiguration, "\(file): a list of exchanges is asked")
    }
    var entries: [Entry] = []
    for (index, element) in elements.enumerated() {
      let entry = try EntryReader(place: "\(file): entry \(index + 1)").read(element)
      if entries.contains(where: { $0.exchange == entry.exchange }) {
        throw PulseError(
          .invalidConfiguration, "\(file): entry \(index + 1): \(entry.exchange) is listed before: join the entries")
      }
      entries.append(entry)
    }
    guard !entries.isEmpty else {
      throw PulseError(.invalidConfiguration, "\(file): the list is empty: there is nothing to listen to")
    }
    return entries
  }
}

private struct EntryReader {
  let place: String

  func read(_ value: JSONValue) throws(PulseError) -> ExchangeList.Entry {
    guard let members = value.members else { throw error("an object is asked") }
    for member in members where !["exchange", "destinations", "projects"].contains(String(member.key)) {
      throw error("the field \"\(String(member.key))\" is not known; exchange, destinations and projects are")
    }
    guard let exchange = value["exchange"]?.string else { throw error("\"exchange\" is missing, or no text") }
    do { try PulseExchange.check(exchange) } catch { throw self.error(error.description) }
    let entry = ExchangeList.Entry(
      exchange: exchange, destinations: try texts("destinations", of: value), projects: try texts("projects", of: value)
    )
    for key in entry.routingKeys {
      do { _ = try RoutingKey(key) } catch { throw self.error(error.description) }
    }
    return entry
  }

  private func texts(_ key: String, of value: JSONValue) throws(PulseError) -> [String] {
    guard let elements = value[key]?.elements else { throw error("\"\(key)\" is missing, or no list") }
    var texts: [String] = []
    for element in elements {
      guard let text = element.string, !text.isEmpty else { throw error("\"\(key)\" holds something else than text") }
      texts.append(text)
    }
    guard !texts.isEmpty else { throw error("\"\(key)\" is empty: nothing would ever match") }
    return texts
  }

  private func error(_ what: String) -> PulseError { PulseError(.invalidConfiguration, "\(place): \(what)") }
}
