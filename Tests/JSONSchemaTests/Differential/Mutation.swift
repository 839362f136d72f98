import JSON
import Support

/// A document that can be changed.
indirect enum Tree {
  case raw(String)
  case string(String)
  case array([Tree])
  case object([(String, Tree)])

  init(_ value: JSONValue) {
    if let elements = value.elements {
      self = .array(elements.map(Tree.init))
    } else if let members = value.members {
      self = .object(members.map { (String($0.key), Tree($0.value)) })
    } else if let string = value.string {
      self = .string(string)
    } else {
      self = .raw(value.text())
    }
  }

  var text: String {
    switch self {
    case .raw(let text): text
    case .string(let string): Self.quoted(string)
    case .array(let elements): "[" + elements.map(\.text).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { Self.quoted($0.0) + ":" + $0.1.text }.joined(separator: ",") + "}"
    }
  }

  private static func quoted(_ string: String) -> String {
    var result = "\""
    for scalar in string.unicodeScalars {
      switch scalar.value {
      case 0x22: result += "\\\""
      case 0x5C: result += "\\\\"
      case ..<0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  var nodeCount: Int {
    switch self {
    case .raw, .string: 1
    case .array(let elements): elements.reduce(1) { $0 + $1.nodeCount }
    case .object(let members): members.reduce(1) { $0 + $1.1.nodeCount }
    }
  }
}

/// Changes documents the way that producers get them wrong.
struct Mutator {
  var generator: SeededGenerator

  /// A document with a few changes in places drawn at random.
  mutating func mutated(_ tree: Tree) -> Tree {
    var tree = tree
    for _ in 0..<Int.random(in: 0...3, using: &generator) {
      var countdown = Int.random(in: 0..<tree.nodeCount, using: &generator)
      tree = change(tree, &countdown)
    }
    return tree
  }

  private mutating func change(_ tree: Tree, _ countdown: inout Int) -> Tree {
    if countdown == 0 {
      countdown -= 1
      return replacement(for: tree)
    }
    countdown -= 1
    switch tree {
    case .array(let elements):
      return .array(elements.map { countdown < 0 ? $0 : change($0, &countdown) })
    case .object(let members):
      return .object(members.map { ($0.0, countdown < 0 ? $0.1 : change($0.1, &countdown)) })
    default: return tree
    }
  }

  private mutating func replacement(for tree: Tree) -> Tree {
    switch tree {
    case .object(let members) where Int.random(in: 0..<5, using: &generator) > 0:
      return .object(changedMembers(members))
    case .array(let elements) where Int.random(in: 0..<4, using: &generator) > 0:
      return .array(changedElements(elements))
    case .string(let string) where Int.random(in: 0..<4, using: &generator) > 0:
      return .string(changed(string))
    default: return anything()
    }
  }

  private mutating func changedMembers(_ members: [(String, Tree)]) -> [(String, Tree)] {
    var members = members
    if members.isEmpty || Int.random(in: 0..<3, using: &generator) == 0 {
      let name = generator.pick(["extra", "", "jobNam", "tier ", "naïve", "a\u{0301}", "名"])
      if !members.contains(where: { $0.0.utf8.elementsEqual(name.utf8) }) {
        members.append((name, anything()))
      }
    } else {
      members.remove(at: Int.random(in: 0..<members.count, using: &generator))
    }
    if Bool.random(using: &generator) { members.shuffle(using: &generator) }
    return members
  }

  private mutating func changedElements(_ elements: [Tree]) -> [Tree] {
    var elements = elements
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: elements.append(anything())
    case 1: elements = []
    case 2: elements += elements
    default:
      if !elements.isEmpty {
        elements.remove(at: Int.random(in: 0..<elements.count, using: &generator))
      }
    }
    return elements
  }

  private mutating func changed(_ string: String) -> String {
    switch Int.random(in: 0..<11, using: &generator) {
    case 0: return ""
    case 1: return String(string.unicodeScalars.dropLast().map(Character.init))
    case 2: return string + string
    case 3: return String(repeating: "x", count: generator.pick([49, 50, 51, 125, 126, 255, 256, 513]))
    case 4: return String(repeating: "é", count: generator.pick([25, 26, 40, 50, 51, 140]))
    case 5: return String(repeating: "😀", count: generator.pick([1, 25, 26, 50, 51]))
    case 6: return string + "\n"
    case 7: return string + " "
    case 8: return string + generator.pick(["é", "ß", "٣", "\u{0}", "\u{2028}", "_", "-", "/"])
    case 9: return string.uppercased()
    default: return generator.pick(["completed", "success", "test", "github.com", "hg.mozilla.org"])
    }
  }

  private mutating func anything() -> Tree {
    switch Int.random(in: 0..<8, using: &generator) {
    case 0: return .string(generator.pick(["", "x", "opt", "é😀", "2026-04-02T09:07:01Z"]))
    case 1: return .array([])
    case 2: return .object([])
    case 3: return .array([.raw("1"), .string("x"), .object([("a", .raw("null"))])])
    case 4:
      return (0..<generator.pick([1, 5, 60])).reduce(Tree.raw("1")) { tree, _ in .array([tree]) }
    default:
      return .raw(
        generator.pick([
          "null", "true", "false", "0", "1", "-1", "2", "4", "1.0", "1.5", "-0.0", "1e2",
          "1E+2", "3.0", "1e300", "9223372036854775807", "-9223372036854775808",
          "18446744073709551615", "0.1",
        ]))
    }
  }
}
