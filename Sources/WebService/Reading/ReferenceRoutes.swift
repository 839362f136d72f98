import JobStore

/// The lists of what jobs refer to.
enum ReferenceRoutes {
  static let all = [
    route("repository", "Repositories.", .repositories) { row, rows, json in
      json.member("id", rows.integer(row, 0))
      json.name("repository_group")
      json.object { json in
        json.member("name", "")
        json.member("description", "")
      }
      json.member("name", rows.text(row, 1))
      json.member("dvcs_type", nil as String?)
      json.member("url", nil as String?)
      json.member("codebase", "")
      json.member("description", "")
      json.member("active_status", rows.integer(row, 2) == 0 ? "onhold" : "active")
    },
    route("product", "Products.", .products, write: named),
    route("machine", "Machines.", .machines, write: named),
    route("machineplatform", "What jobs ran on.", .platforms, write: platform),
    route("buildplatform", "What jobs were built for.", .platforms, write: platform),
    route("jobgroup", "Groups of jobs.", .jobGroups) { row, rows, json in
      json.member("id", rows.integer(row, 0))
      json.member("symbol", rows.text(row, 1))
      // Jobs of one group may call it differently: the name is each job's own.
      json.member("name", nil as String?)
      json.member("description", "")
    },
    route("jobtype", "Types of jobs.", .jobTypes) { row, rows, json in
      json.member("id", rows.integer(row, 0))
      json.member("symbol", rows.text(row, 1))
      json.member("name", rows.text(row, 2))
      json.member("description", "")
    },
    route("optioncollectionhash", "Sets of labels.", .optionCollections) { row, rows, json in
      json.member("option_collection_hash", rows.text(row, 1))
      json.name("options")
      json.array { json in
        for option in (rows.text(row, 2) ?? "").split(separator: " ") {
          json.object { $0.member("name", String(option)) }
        }
      }
    },
    ReadingRoute("/api/failureclassification/", "What a failure may be classified as.") { _ in
      var json = JSONWriter()
      json.array { json in
        for (index, name) in classifications.enumerated() {
          json.object { json in
            json.member("id", Int64(index + 1))
            json.member("name", name)
            json.member("description", "")
          }
        }
      }
      return json
    },
  ]

  /// Treeherder's, by number from 1.
  private static let classifications = [
    "not classified", "fixed by commit", "expected fail", "intermittent", "infra", "intermittent needs filing",
    "autoclassified intermittent",
  ]

  private static func route(
    _ name: String, _ summary: String, _ list: ReferenceList,
    write: @escaping @Sendable (Int, RowTable, inout JSONWriter) -> Void
  ) -> ReadingRoute {
    ReadingRoute("/api/\(name)/", summary) { question in
      let rows = try await question.store.list(list)
      var json = JSONWriter(capacity: 256 + rows.count * 80)
      json.array { json in for row in 0..<rows.count { json.object { write(row, rows, &$0) } } }
      return json
    }
  }

  private static func named(_ row: Int, _ rows: RowTable, _ json: inout JSONWriter) {
    json.member("id", rows.integer(row, 0))
    json.member("name", rows.text(row, 1))
  }

  private static func platform(_ row: Int, _ rows: RowTable, _ json: inout JSONWriter) {
    json.member("id", rows.integer(row, 0))
    json.member("os_name", rows.text(row, 1))
    json.member("platform", rows.text(row, 2))
    json.member("architecture", rows.text(row, 3))
  }
}
