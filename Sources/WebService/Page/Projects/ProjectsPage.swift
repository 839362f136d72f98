import JobStore

/// `/`: the projects, each with its latest push.
enum ProjectsPage {
  /// Of how many projects the latest push's jobs are counted: all of a push are looked at for it.
  private static let countedPushes = 40

  private struct View {
    let projects: [ProjectView]
    let inactive: [ProjectView]
    let hasInactive: Bool
    let hasNone: Bool
  }

  private struct ProjectView {
    let projectName: String
    let address: String
    let latest: Latest?
  }

  private struct Latest {
    let time: PageTime
    let author: String?
    let revision: String
    let pushAddress: String
    let bar: ProgressBar?
  }

  @Sendable static func answer(_ question: PageQuestion) async throws -> PageDocument {
    let projects = try await question.store.projects(counting: countedPushes)
    func view(_ project: ProjectSummary) -> ProjectView {
      let address = WebLink.project(project.name)
      return ProjectView(
        projectName: project.name, address: address,
        latest: project.latest.map { push in
          Latest(
            time: PageTime(push.time), author: push.author, revision: String(push.revision.prefix(12)),
            pushAddress: "\(address)/push/\(push.id)", bar: push.counts.map { ProgressBar($0) })
        })
    }
    let (active, inactive) = (projects.filter(\.isActive).map(view), projects.filter { !$0.isActive }.map(view))
    let view = View(
      projects: active, inactive: inactive, hasInactive: !inactive.isEmpty, hasNone: projects.isEmpty)
    return question.document(title: "Projects", main: question.templates.render(view, "projects"))
  }
}
