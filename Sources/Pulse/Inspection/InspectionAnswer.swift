import JSON
import RabbitMQ

/// Reads what RabbitMQ's management API and PulseGuardian answer.
struct InspectionAnswer {
  /// Whose the answer is, for errors.
  let asked: String
  let queue: String
  let body: [UInt8]

  /// The management API's list of bindings.
  func managementBindings() throws(InspectionError) -> [Binding] {
    try read { document in
      guard let elements = document.elements else { throw unreadable("a list of bindings is asked") }
      return try bindings(elements)
    }
  }

  /// PulseGuardian's object with a list of bindings.
  func guardianBindings() throws(InspectionError) -> [Binding] {
    try read { document in
      if let name = document["queue_name"], name.string != queue { throw unreadable("it is about another queue") }
      let list = document.members == nil ? document : document["bindings"]
      guard let elements = list?.elements else { throw unreadable("an object with \"bindings\" is asked") }
      guard document.members != nil || elements.isEmpty else { throw unreadable("an object is asked") }
      return try bindings(elements)
    }
  }

  /// The management API's count of messages; nil where it has none yet, as for a queue made a moment ago.
  func messageCount() throws(InspectionError) -> Int? {
    try read { document in
      guard document.members != nil else { throw unreadable("an object is asked") }
      guard let messages = document["messages"] else { return nil }
      guard let count = messages.unsignedInteger.flatMap({ Int(exactly: $0) }) else {
        throw unreadable("\"messages\" is no count")
      }
      return count
    }
  }

  /// A queue has at least the binding to the default exchange: an empty list stands for a queue that is not known.
  private func bindings(_ elements: JSONElements) throws(InspectionError) -> [Binding] {
    guard !elements.isEmpty else {
      throw InspectionError(.unknownQueue, "\(asked): it does not know the queue \(queue), or not yet")
    }
    var bindings: [Binding] = []
    for element in elements {
      guard let source = element["source"]?.string, let key = element["routing_key"]?.string else {
        throw unreadable("a binding lacks \"source\" or \"routing_key\", or has no text there")
      }
      if let destination = element["destination"], destination.string != queue {
        throw unreadable("it lists a binding of another queue")
      }
      // RabbitMQ tells bindings of the same key apart by their arguments, and removes only the one that has the same.
      let hasArguments = element["arguments"]?.members.map { !$0.isEmpty } ?? false
      if !source.isEmpty, !hasArguments { bindings.append(Binding(queue: queue, exchange: source, routingKey: key)) }
    }
    return bindings
  }

  private func read<Value>(_ body: (JSONValue) throws -> Value) throws(InspectionError) -> Value {
    do {
      return try JSONParser().withDocument(of: self.body, body)
    } catch let error as InspectionError {
      throw error
    } catch {
      throw unreadable("it is not JSON")
    }
  }

  private func unreadable(_ what: String) -> InspectionError {
    InspectionError(.unreadable, "\(asked): the answer is not understood: \(what)")
  }
}
