import Foundation
import JobStore

/// `/p/<project>/trends`: what became of a project's jobs lately, as plots.
enum TrendsPage {
  /// What can be chosen; addresses may ask for any other number of hours.
  private static let choices = [(24, "24 hours"), (72, "3 days"), (168, "7 days")]

  private struct View {
    let projectName: String
    let choices: [Choice]
    let facts: [String]
    let cut: String?
    let empty: String?
    let hasPlots: Bool
    let outcomes: Plot?
    let lag: Plot?
    let failures: FailurePlots?
    let hasSeveralHours: Bool
    let failuresEmpty: String
    let durations: DurationPlot?
  }

  private struct Choice {
    let address: String
    let label: String
    let isChosen: Bool
  }

  @Sendable static func answer(_ question: PageQuestion) async throws -> PageDocument {
    let project = try question.project()
    let now = Int64(Date().timeIntervalSince1970 * 1000)
    let window = try TrendsWindow(question.query, now: now)
    let query = TrendsQuery(repository: project.id, begin: window.begin, hours: window.hours)
    let answer = try await question.trends.trends(query, now: now)
    let trends = answer.trends
    let empty = trends.jobs == 0 ? try await emptyText(question, project, trends, window) : nil
    let failures = FailurePlots(trends, window)
    let view = View(
      projectName: project.name,
      choices: choices.map { hours, label in
        Choice(
          address: "\(WebLink.project(project.name))/trends?hours=\(hours)", label: label,
          isChosen: hours == window.hours)
      },
      facts: facts(trends, window, readAt: answer.time),
      cut: trends.cutAt.map {
        "There are more jobs than are looked at: the plots have the latest \(count(trends.jobs, "job")), those of "
          + "\(count(trends.pushes, "push", "pushes")) since \(PageTime($0).text) UTC."
      },
      empty: empty, hasPlots: empty == nil, outcomes: OutcomePlot.make(trends, window),
      lag: LagPlot.make(trends, window), failures: failures, hasSeveralHours: window.hoursPerPoint > 1,
      failuresEmpty: trends.outcomes.contains { $0.state == .completed && $0.result == "success" }
        ? "No job failed." : "No job has ended yet.",
      durations: DurationPlot(trends))
    return question.document(
      title: "Trends of \(project.name)", here: "Trends", main: question.templates.render(view, "trends"))
  }

  private static func facts(_ trends: JobTrends, _ window: TrendsWindow, readAt time: Int64) -> [String] {
    var facts = [
      "\(count(trends.jobs, "job")) of \(count(trends.pushes, "push", "pushes")) that were made since "
        + "\(window.text(0)) UTC, as of \(PageTime(time).text) UTC."
    ]
    if trends.outside > 0 {
      facts.append(
        "\(count(trends.outside, "job")) of these \(trends.outside == 1 ? "says" : "say") to be from another time, "
          + "and \(trends.outside == 1 ? "is" : "are") not shown: a clock may be wrong.")
    }
    return facts
  }

  private static func emptyText(
    _ question: PageQuestion, _ project: Project, _ trends: JobTrends, _ window: TrendsWindow
  ) async throws -> String {
    let hours = window.hours == 1 ? "hour" : "\(window.hours) hours"
    guard trends.pushes == 0 else {
      return "\(trends.pushes == 1 ? "The push" : "The \(trends.pushes) pushes") of the last \(hours) "
        + "\(trends.pushes == 1 ? "has" : "have") no jobs yet."
    }
    let latest = try await question.store.pushes(PushQuery(repository: project.id, count: 1)).pushes
    guard latest.count > 0, let time = latest.integer(0, PushPage.PushColumn.pushTime) else {
      return "Nothing was pushed yet. Trends appear here with the first jobs."
    }
    return "Nothing was pushed in the last \(hours). The latest push is of \(PageTime(time).text) UTC."
  }

  private static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
    "\(number) \(number == 1 ? one : many ?? one + "s")"
  }
}
