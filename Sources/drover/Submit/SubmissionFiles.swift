import Commands
import Foundation
import JSON
import Submission

/// The elements of all files that a command was given, one by one.
struct SubmissionFiles<Element: SubmissionElement> {
  /// Where an element stands; put into words only when something is said of it.
  struct Place: CustomStringConvertible {
    let file: String
    let line: Int
    var description: String { "\(file):\(line)" }
  }

  /// An element, or why there is none.
  struct Item {
    let place: Place
    let size: Int
    let element: Result<Element, SubmissionError>
  }

  private var paths: ArraySlice<String>
  private var current: (file: JobFile, splitter: DocumentSplitter, hasText: Bool, isAtEnd: Bool)?
  private var progress: ProgressBar
  private var (position, count) = (0, 0)
  /// Files that could not be read, or had nothing in them; each has been reported.
  private(set) var refusedFiles = 0

  init(_ paths: [String]) {
    self.paths = paths[...]
    let sizes = paths.map { path in
      (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int).flatMap { $0 } ?? 0
    }
    progress = ProgressBar(total: sizes.reduce(0, +), unit: "\(Element.noun)s")
  }

  /// Takes the progress bar away, before something else is written.
  mutating func clearProgress() { progress.clear() }

  /// The next element; nil at the end. A file that cannot be read is reported, and the next one taken.
  mutating func next() -> Item? {
    while true {
      do {
        if current == nil {
          guard let path = paths.popFirst() else {
            progress.clear()
            return nil
          }
          var file = try JobFile(path: path)
          do {
            let layout = try file.begin()
            current = (file, DocumentSplitter(layout: layout), false, false)
          } catch {
            file.close()
            throw error
          }
        }
        if let item = try nextOfFile() {
          count += 1
          progress.update(done: position, count: count)
          return item
        }
      } catch {
        progress.clear()
        Console.report("\(error)")
        refusedFiles += 1
      }
      current?.file.close()
      current = nil
    }
  }

  private mutating func nextOfFile() throws -> Item? {
    while let file = current?.file {
      if let document = current?.splitter.next() {
        return Self.item(document, in: file.name)
      }
      if current?.isAtEnd == true {
        guard current?.hasText == true else {
          throw CommandFailure(.inputRefused, "\(file.name): is empty, a \(Element.noun) is asked")
        }
        return nil
      }
      let piece = try current?.file.read() ?? []
      position += piece.count
      if piece.isEmpty {
        current?.isAtEnd = true
        current?.splitter.finish()
      } else {
        if current?.hasText == false { current?.hasText = piece.contains { !Self.spaces.contains($0) } }
        piece.withUnsafeBytes { current?.splitter.append($0) }
      }
    }
    return nil
  }

  private static var spaces: [UInt8] { Array(" \n\r\t".utf8) }

  private static func item(_ document: DocumentSplitter.Document, in file: String) -> Item {
    let element: Result<Element, SubmissionError>
    do throws(SubmissionError) {
      if let problem = document.problem { throw SubmissionError(.invalidJSON, problem) }
      let made = Element(try SubmissionValue(json: document.bytes))
      try made.validate()
      element = .success(made)
    } catch {
      element = .failure(error)
    }
    return Item(place: Place(file: file, line: document.line), size: document.bytes.count, element: element)
  }
}
