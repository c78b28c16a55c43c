import LocalPostgres
import Policies
import PostgresClient
import PostgresTesting
import Testing

extension PolicyBehaviour {
    /// The matrix is read from grants, policies and plans and runs nothing; here it is held against what ran.
    @Suite("The access matrix")
    struct MatrixAgreementTests {
        /// Tables of Supabase's services that hold no row of the app; their own tests ask them.
        private static let others = ["storage.buckets", "realtime.messages"]

        @Test(arguments: DefaultPrivilegesEra.allCases)
        func `says of each table, role and command what real statements come to`(era: DefaultPrivilegesEra) async throws
        {
            let matrix = try await PolicyWorld.session(era: era) { try await AccessMatrix.read(in: $0) }
            let observed = try await AccessAttempts.shared.observed(in: era)
            let rows = matrix.rows.filter { !Self.others.contains($0.relation) }
            #expect(Set(rows.map(\.relation)) == Set(AppTable.relations.keys.map(Self.qualified)))
            #expect(matrix.errors.isEmpty, "\(matrix.errors.map(\.description))")
            for (relation, role) in rows {
                for command in AccessCommand.allCases {
                    let cell = try #require(matrix[relation, role, command])
                    let real = RealAccess(observed, to: relation, role: role, command: command)
                    if let objection = real.objection(to: cell.verdict) {
                        Issue.record("\(relation) \(role) \(command.rawValue): \(cell.text), but \(objection)")
                    }
                }
            }
        }

        @Test func `names the columns that real statements may name`() async throws {
            let matrix = try await PolicyWorld.session { try await AccessMatrix.read(in: $0) }
            let columns = try await PolicyWorld.session { session in
                try await session.query(
                    """
                    select attrelid::regclass::text, pg_catalog.quote_ident(attname) from pg_catalog.pg_attribute
                    join pg_catalog.pg_class on pg_class.oid = attrelid
                    where relnamespace = 'public'::regnamespace and relkind = 'r' and attnum > 0 and not attisdropped
                    """
                ).map { (table: $0[0] ?? "", name: $0[1] ?? "") }
            }
            #expect(columns.count > 600)
            let asked = columns.flatMap { column in
                AccessCommand.ofRows.compactMap { command in
                    Self.statement(command, column).map { (column, command, $0) }
                }
            }
            let outcomes = try await PolicyWorld.requests { api in
                try await AttemptBatch(api.session).outcomes(of: asked.map { AttemptBatch.Attempt(as: .a, $0.2) })
            }
            for ((column, command, statement), outcome) in zip(asked, outcomes) {
                let cell = try #require(matrix[Self.qualified(column.table), "authenticated", command])
                let listed = cell.columns.map { $0.contains(column.name.replacing("\"", with: "")) } ?? true
                let isGranted = cell.verdict != .deniedByGrant && listed
                #expect((outcome != .noGrant) == isGranted, "\(statement): \(outcome), \(cell.text)")
            }
        }

        @Test func `says where an INSERT cannot return its row`() async throws {
            let matrix = try await PolicyWorld.session { try await AccessMatrix.read(in: $0) }
            let tables = AppTable.all.compactMap { table in
                table.rows.first { $0.owner == .a && $0.label != "joined" }.map { (table, $0) }
            }
            let outcomes = try await PolicyWorld.requests { api in
                try await AttemptBatch(api.session).outcomes(
                    of: tables.map { table, row in
                        let statement = "\(table.insert(row)) returning \(table.key[0])"
                        return AttemptBatch.Attempt(as: .a, after: table.delete(row), statement)
                    })
            }
            let observed = try await AccessAttempts.shared.observed(in: .apiRolesGetAll)
            var lacking: [String] = []
            for ((table, row), outcome) in zip(tables, outcomes) {
                let cell = try #require(matrix[table.qualified, "authenticated", .insert])
                guard cell.verdict != .deniedByGrant, cell.verdict != .deniedByPolicy else { continue }
                let lacks = cell.lacks.contains("RETURNING")
                if lacks { lacking.append(table.name) }
                if table.name == "admin_users" { continue }
                let place = ObservedAccess.Place(relation: table.title, person: .a, kind: .read)
                let isSeen = observed.cells[place]?.reached.contains(row.label) == true
                let returns = isSeen && !lacks
                #expect(outcome == (returns ? .rows(1) : .refusedByPolicy), "\(table.name): \(cell.text)")
            }
            #expect(lacking == [])
        }

        private static func qualified(_ relation: String) -> String {
            relation.contains(".") ? relation : "public.\(relation)"
        }

        /// A statement that names one column and touches no row, or fails for another reason than a want of rights.
        private static func statement(_ command: AccessCommand, _ column: (table: String, name: String)) -> String? {
            switch command {
            case .select: "select \(column.name) from public.\(column.table) limit 0"
            case .insert: "insert into public.\(column.table) (\(column.name)) values (default)"
            case .update: "update public.\(column.table) set \(column.name) = default where false"
            case .delete, .truncate: nil
            }
        }
    }
}

/// What the people of one role came to with one command.
private struct RealAccess {
    private let people: [(person: Person, cell: ObservedAccess.Cell)]
    private let moves: [(person: Person, cell: ObservedAccess.Cell)]
    private let own: [Person: Set<String>]
    private let isView: Bool
    /// How many rows there are to reach: a view's are those that the service role sees in it.
    private let count: Int
    private let command: AccessCommand

    init(_ observed: ObservedAccess, to relation: String, role: String, command: AccessCommand) {
        let name = relation.replacing("public.", with: "")
        let people = Person.allCases.filter { $0.role == role }
        func cells(_ kind: AccessKind) -> [(Person, ObservedAccess.Cell)] {
            people.compactMap { person in
                observed.cells[.init(relation: name, person: person, kind: kind)].map { (person, $0) }
            }
        }
        self.command = command
        self.people = cells(AccessKind(command))
        moves = command == .update ? cells(.move) : []
        isView = AppView.all.contains { $0.name == name }
        let shown = observed.cells[.init(relation: name, person: .service, kind: .read)]
        let rows = AppTable.relations[name] ?? [:]
        count = isView ? shown?.reached.count ?? 0 : rows.count
        let partners = AppTable.all.first { $0.title == name }?.rows ?? []
        own = Dictionary(
            uniqueKeysWithValues: people.map { person in
                let shared = partners.filter { $0.partner == person && person.id != nil }.map(\.label)
                return (person, Set(rows.filter { $0.value == person }.keys).union(shared))
            })
    }

    /// Why a verdict is wrong; `nil` when it is right.
    func objection(to verdict: AccessMatrix.Verdict) -> String? {
        guard !people.isEmpty else {
            // Nothing is written to views: what may be updated in principle is not granted.
            let isRight = verdict == .none || verdict == .deniedByGrant
            return isView && isRight ? nil : "nobody tried"
        }
        if command == .truncate {
            let isRefused = people.allSatisfy { $0.cell.blind == .noGrant }
            return verdict == (isRefused ? .deniedByGrant : .open) ? nil : said
        }
        switch verdict {
        case .deniedByGrant: return people.allSatisfy(\.cell.lacksGrant) ? nil : said
        case .deniedByPolicy: return lacksGrant || !reachesNothing ? said : nil
        case .own: return !reachesNothing && reachesOwnAlone ? nil : said
        case .open: return reachesAll ? nil : said
        case .conditional: return reachesNothing || reachesAll ? said : nil
        case .error, .none: return said
        }
    }

    private var lacksGrant: Bool { people.contains { $0.cell.lacksGrant } }
    private var reachesNothing: Bool { people.allSatisfy(\.cell.reached.isEmpty) }
    private var reachesOwnAlone: Bool {
        people.allSatisfy { person, cell in cell.reached.isSubset(of: own[person] ?? []) }
            && moves.allSatisfy { $0.cell.reached.isEmpty }
    }
    private var reachesAll: Bool {
        (people + moves).allSatisfy { $0.cell.reached.count == count }
    }
    private var said: String { people.map { "\($0.person.rawValue): \($0.cell)" }.joined(separator: " | ") }
}

extension AccessKind {
    fileprivate init(_ command: AccessCommand) {
        switch command {
        case .select: self = .read
        case .insert: self = .insert
        case .update: self = .update
        case .delete: self = .delete
        case .truncate: self = .truncate
        }
    }
}
