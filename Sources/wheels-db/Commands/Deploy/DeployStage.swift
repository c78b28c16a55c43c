import Diagnostics
import Synchronization

/// One stage of a deploy, in the order of the run.
enum DeployStage: String, CaseIterable, Codable, Sendable {
    case plan
    case backup
    case migrate
    case policies
    case models
    case matrix
    case health

    /// What the stage is for, as `--help` says it.
    var purpose: String {
        switch self {
        case .plan: "what would be done; an obstacle ends the run before anything is changed"
        case .backup: "a backup, where the environment is protected and a repository is configured"
        case .migrate: "the pending migrations, each in its transaction"
        case .policies: "policies and grants, one transaction a table"
        case .models: "whether the Swift models are those of the database; reads only"
        case .matrix: "whether the database allows what policies/matrix.md says; reads only"
        case .health: "whether the project is healthy; reads only"
        }
    }
}

/// What a deploy has changed in the database so far, as a person would tell it; told from any thread.
final class DeployChanges: Sendable {
    private let list = Mutex<[String]>([])

    func add(_ change: String) { list.withLock { $0.append(change) } }
    var all: [String] { list.withLock { $0 } }
}

/// How a stage ended.
enum DeployOutcome: Sendable {
    /// It did its work; what that was.
    case done(String)
    /// It had nothing to work with, and why.
    case skipped(String)
}

/// What has happened in a deploy so far.
struct DeployLog: Sendable {
    /// One stage and what became of it.
    struct Entry: Encodable, Sendable {
        /// What became of a stage.
        enum State: String, Encodable, Sendable {
            case done
            case skipped
            case failed
            case notRun = "not run"
        }

        let stage: DeployStage
        let state: State
        let result: String
        let seconds: Double
    }

    private(set) var entries: [Entry] = []
    /// What this run has changed in the database.
    let changes = DeployChanges()

    /// Runs a stage and notes how it went.
    ///
    /// - Parameters:
    ///   - stage: The stage.
    ///   - work: Does it.
    /// - Throws: ``DeployStopped`` with what is applied so far, when the work throws.
    mutating func run(_ stage: DeployStage, _ work: (inout DeployLog) async throws -> DeployOutcome) async throws {
        let begin = ContinuousClock.now
        do {
            let outcome = try await work(&self)
            let seconds = (ContinuousClock.now - begin) / .seconds(1)
            switch outcome {
            case .done(let result): note(stage, .done, result, seconds)
            case .skipped(let reason): note(stage, .skipped, reason, seconds)
            }
        } catch {
            let cause = CommandRunner.explain(error, isInterrupted: false)
            note(stage, .failed, cause.summary, (ContinuousClock.now - begin) / .seconds(1))
            throw DeployStopped(stage: stage, cause: cause, changes: changes.all)
        }
    }

    private mutating func note(_ stage: DeployStage, _ state: Entry.State, _ result: String, _ seconds: Double) {
        entries.append(Entry(stage: stage, state: state, result: result, seconds: seconds))
    }

    /// The stages as a table.
    var table: String {
        var table = TextTable(.text("stage"), .text("state"), .text("result"), .number("seconds"))
        for entry in entries {
            table.add(
                entry.stage.rawValue, entry.state.rawValue, entry.result, HumanUnits.fixed(entry.seconds, digits: 1))
        }
        return table.text
    }
}

/// A deploy that ended at a stage: what stopped it, and what it had changed until then.
struct DeployStopped: ExplainedError {
    let stage: DeployStage
    let cause: any ExplainedError
    let changes: [String]

    var code: String { "deploy.\(stage.rawValue)-failed" }
    var failureClass: FailureClass { cause.failureClass }
    var findings: [Finding] { cause.findings }
    var span: SourceSpan? { cause.span }

    var summary: String {
        let applied =
            changes.isEmpty
            ? "Nothing was changed in the database."
            : "Applied by this run, and in force: \(changes.joined(separator: "; "))."
        let later = DeployStage.allCases.drop { $0 != stage }.dropFirst().map(\.rawValue)
        let rest = later.isEmpty ? "" : " Not run: \(later.joined(separator: ", "))."
        return "The deploy stopped at \(stage.rawValue): \(cause.summary) \(applied)\(rest)"
    }

    var remedy: Remedy? {
        let again = "Then run the same deploy again: what is applied is not applied twice."
        guard let own = cause.remedy else { return Remedy(again) }
        return Remedy(
            own.command == nil ? "\(own.sentence) \(again)" : "\(again) \(own.sentence)", command: own.command)
    }
}
