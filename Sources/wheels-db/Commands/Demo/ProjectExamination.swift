import CatalogInspection
import PostgresClient
import PostgresTypes

/// Asks a project all questions of the comparison; changes nothing.
struct ProjectExamination: Sendable {
    /// As the owner, who sees everything.
    let settings: ConnectionSettings
    /// As the data API logs in.
    let apiSettings: ConnectionSettings
    /// The version of the deploy that lands while backups are taken.
    let deploy: String

    /// The answers by the names of the questions: of all, or of some.
    func answers(to names: Set<String>? = nil) async throws -> [String: Answer] {
        try await inSession(settings) { owner in
            try await inSession(apiSettings) { api in
                let project = QuestionedProject(owner: owner, api: api, deploy: deploy)
                var answers: [String: Answer] = [:]
                for question in ProjectQuestion.all where names?.contains(question.id) ?? true {
                    answers[question.id] = try await question.ask(project)
                }
                return answers
            }
        }
    }
}

/// The sessions that answer, and what they have to know.
struct QuestionedProject: Sendable {
    let owner: Session
    let api: Session
    let deploy: String

    /// The first field of the first row, as a number.
    func number(_ sql: String) async throws -> Int {
        try await owner.query(Query(unsafeSQL: sql)).first?[0].flatMap { Int($0) } ?? 0
    }

    /// Tries something in a transaction that is always rolled back.
    ///
    /// - Returns: What the work returns; `nil` when a privilege is missing, or row level security stands before it.
    func tried<Value: Sendable>(_ session: Session, _ work: (Session) async throws -> Value) async throws -> Value? {
        try await session.execute("BEGIN")
        do {
            let value = try await work(session)
            try await session.execute("ROLLBACK")
            return value
        } catch let error as PostgresError where error.sqlState == .insufficientPrivilege {
            try await session.execute("ROLLBACK")
            return nil
        }
    }
}

/// What a project answers to a question.
enum Answer: Sendable, Hashable, Encodable {
    /// A number, and what was counted where that is worth knowing.
    case count(Int, of: [String] = [])
    /// A few words.
    case words(String)
    /// Names with what stands for their contents: compared name by name.
    case contents([String: String])
    /// Nobody could be asked.
    case none

    /// The answer as it stands in the table, seen from what it is compared with.
    func text(beside source: Answer?) -> String {
        switch self {
        case .count(let number, _): return HumanUnits.count(Int64(number))
        case .words(let words): return words
        case .contents(let contents):
            guard let source else { return "\(contents.count) in all" }
            let differing = differences(from: source).count
            return differing == 0 ? "all equal" : "\(HumanUnits.count(Int64(differing))) differ"
        case .none: return "–"
        }
    }

    /// The names whose contents are other ones, or missing, or new.
    func differences(from source: Answer) -> [String] {
        guard case .contents(let mine) = self, case .contents(let theirs) = source else { return [] }
        return Set(mine.keys).union(theirs.keys).filter { mine[$0] != theirs[$0] }.sorted()
    }

    /// Numbers as numbers, words as text, contents as the number of names.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .count(let number, _): try container.encode(number)
        case .words(let words): try container.encode(words)
        case .contents(let contents): try container.encode(contents.count)
        case .none: try container.encodeNil()
        }
    }
}
