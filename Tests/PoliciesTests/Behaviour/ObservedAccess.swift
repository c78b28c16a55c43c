import LocalPostgres
import PostgresClient
import Testing

/// What everybody's attempts on every row came to, in one database.
struct ObservedAccess: Sendable {
    /// One person's attempts of one kind on one relation.
    struct Place: Hashable, Sendable, CustomStringConvertible {
        let relation: String
        let person: Person
        let kind: AccessKind

        var description: String { "\(relation), \(person.rawValue), \(kind.rawValue)" }
    }

    /// What the attempts came to.
    struct Cell: Sendable {
        /// By row; a read that is refused is refused for every row.
        var outcomes: [String: Outcome] = [:]
        /// The same statement without WHERE, which the policies for SELECT do not narrow.
        var blind: Outcome?
    }

    private(set) var cells: [Place: Cell] = [:]

    /// Makes every attempt.
    ///
    /// - Parameter era: In which database.
    /// - Returns: What they came to.
    /// - Throws: `PostgresError`.
    static func make(era: DefaultPrivilegesEra) async throws -> ObservedAccess {
        var observed = ObservedAccess()
        try await PolicyWorld.session(as: "authenticator", era: era) { session in
            let reader = try await ApiSession(session, isReadOnly: true)
            for person in Person.allCases { try await observed.readAll(as: person, reader) }
        }
        try await PolicyWorld.requests(era: era) { api in
            let batch = try await AttemptBatch(api.session)
            for table in AppTable.all {
                for person in Person.allCases { try await observed.write(table, as: person, batch) }
            }
        }
        return observed
    }

    private mutating func readAll(as person: Person, _ reader: ApiSession) async throws {
        for table in AppTable.all {
            let keys = Dictionary(uniqueKeysWithValues: try await reader.keys(of: table).map { ($1, $0) })
            let place = Place(relation: table.title, person: person, kind: .read)
            let answer = try await reader.read(as: person, "select \(table.keyText) from \(table.qualified)")
            cells[place] = Cell(answer, labels: table.rows.map(\.label)) { keys[$0] ?? "unknown \($0)" }
            for view in AppView.all where view.table == table.title {
                let owners = Dictionary(uniqueKeysWithValues: Person.users.map { ($0.id ?? "", $0.label) })
                let names = view.isByOwner ? owners : keys
                let place = Place(relation: view.name, person: person, kind: .read)
                let answer = try await reader.read(as: person, "select \(view.key)::text from public.\(view.name)")
                cells[place] = Cell(answer, labels: table.rows.map(\.label)) { names[$0] ?? "unknown \($0)" }
            }
        }
    }

    private mutating func write(_ table: AppTable, as person: Person, _ batch: AttemptBatch) async throws {
        var places: [(kind: AccessKind, label: String?)] = []
        var attempts: [AttemptBatch.Attempt] = []
        func attempt(_ kind: AccessKind, _ label: String? = nil, after before: String? = nil, tries statement: String) {
            places.append((kind, label))
            attempts.append(AttemptBatch.Attempt(as: person, after: before, statement))
        }
        for row in table.rows {
            attempt(.insert, row.label, after: table.delete(row), tries: table.insert(row))
            attempt(.update, row.label, tries: table.update(row))
            if let move = table.move(row) { attempt(.move, row.label, tries: move) }
            attempt(.delete, row.label, tries: table.delete(row))
        }
        attempt(.update, tries: "update \(table.qualified) set \(table.change)")
        attempt(.delete, tries: "delete from \(table.qualified)")
        attempt(.truncate, tries: "truncate \(table.qualified) cascade")
        let outcomes = try await batch.outcomes(of: attempts)
        try #require(outcomes.count == places.count)
        for ((kind, label), outcome) in zip(places, outcomes) {
            let place = Place(relation: table.title, person: person, kind: kind)
            if let label {
                cells[place, default: Cell()].outcomes[label] = outcome
            } else {
                cells[place, default: Cell()].blind = outcome
            }
        }
    }
}

extension ObservedAccess.Cell {
    fileprivate init(
        _ answer: Result<[String], ApiSession.Refusal>,
        labels: [String],
        name: (String) -> String
    ) {
        switch answer {
        case .failure(let refusal):
            outcomes = Dictionary(uniqueKeysWithValues: labels.map { ($0, refusal.outcome) })
        case .success(let keys):
            outcomes = Dictionary(uniqueKeysWithValues: labels.map { ($0, .rows(0)) })
            for key in keys { outcomes[name(key)] = .rows(1) }
        }
    }

    /// The rows for which it worked.
    var reached: Set<String> { Set(outcomes.filter { $0.value == .rows(1) }.keys) }
    /// Every attempt failed for want of a grant.
    var lacksGrant: Bool { outcomes.values.allSatisfy { $0 == .noGrant } && (blind ?? .noGrant) == .noGrant }

    /// What differs from an expectation, in words.
    ///
    /// - Parameter expected: The expectation.
    /// - Returns: The difference; `nil` when there is none.
    func difference(from expected: ExpectedAccess.Cell) -> String? {
        switch expected {
        case .noGrant:
            return lacksGrant ? nil : "expected \(expected), came to \(self)"
        case .rows(let labels):
            let others = outcomes.filter { !labels.contains($0.key) }.values
            let isRight = reached == labels && others.allSatisfy { $0 == .rows(0) || $0 == .refusedByPolicy }
            guard isRight else { return "expected \(expected), came to \(self)" }
            guard let blind, blind != .rows(labels.count) else { return nil }
            return "expected \(expected), without WHERE it came to \(blind)"
        }
    }
}

extension ObservedAccess.Cell: CustomStringConvertible {
    var description: String {
        outcomes.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: "; ")
    }
}

extension ApiSession {
    /// The labels of a table's rows and the keys they have.
    func keys(of table: AppTable) async throws -> [(label: String, key: String)] {
        let fields = table.rows.map(table.keyText).joined(separator: ", ")
        try await session.executeScript("rollback to savepoint fixture")
        let row = try await session.query(Query(unsafeSQL: "select \(fields)")).first
        return table.rows.enumerated().map { ($1.label, row?[$0] ?? "") }
    }
}

/// The attempts of each era, made once.
actor AccessAttempts {
    static let shared = AccessAttempts()

    private var made: [DefaultPrivilegesEra: Task<ObservedAccess, any Error>] = [:]

    func observed(in era: DefaultPrivilegesEra) async throws -> ObservedAccess {
        if let made = made[era] { return try await made.value }
        let making = Task { try await ObservedAccess.make(era: era) }
        made[era] = making
        return try await making.value
    }
}
