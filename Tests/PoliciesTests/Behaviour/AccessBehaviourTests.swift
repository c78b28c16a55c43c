import Foundation
import LocalPostgres
import PostgresClient
import PostgresTesting
import Testing

/// Real reads and writes under the policies of the app, against what is written down by hand.
///
/// One after the other, since all share one database.
@Suite("What the policies let through", .tags(.server), .requiresServer, .serialized)
enum PolicyBehaviour {}

extension PolicyBehaviour {
    @Suite("Reads and writes of everybody")
    struct AccessBehaviourTests {
        @Test(arguments: DefaultPrivilegesEra.allCases)
        func `every row is reached by those who may, and by nobody else`(era: DefaultPrivilegesEra) async throws {
            let expected = try ExpectedAccess(ExpectedAccess.rules)
            let observed = try await AccessAttempts.shared.observed(in: era)
            var compared = 0
            for (relation, rows) in AppTable.relations {
                for person in Person.allCases {
                    for kind in AccessKind.ruled {
                        let place = ObservedAccess.Place(relation: relation, person: person, kind: kind)
                        let cell = try expected.cell(kind, relation, person, rows: rows)
                        guard let cell, let found = observed.cells[place] else {
                            // The defaults of anon and the service role speak of kinds that a relation does not have.
                            #expect((cell == nil || person.id == nil) && observed.cells[place] == nil, "\(place)")
                            continue
                        }
                        compared += 1
                        if let difference = found.difference(from: cell) { Issue.record("\(place): \(difference)") }
                    }
                }
            }
            #expect(compared > 1_500)
        }

        @Test(arguments: DefaultPrivilegesEra.allCases)
        func `nobody empties a table by TRUNCATE, which no policy would stop`(era: DefaultPrivilegesEra) async throws {
            let observed = try await AccessAttempts.shared.observed(in: era)
            for table in AppTable.all where table.schema == "public" {
                for person in Person.allCases {
                    let place = ObservedAccess.Place(relation: table.title, person: person, kind: .truncate)
                    #expect(observed.cells[place]?.blind == .noGrant, "\(place)")
                }
            }
        }

        @Test func `every table and view of the app has its rows here, its rules and its policy file`() async throws {
            let live = try await PolicyWorld.session { session in
                try await session.query(
                    """
                    select relname || case when relkind = 'v' then ' (view)' else '' end as name
                    from pg_catalog.pg_class
                    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')
                    """
                ).compactMap { $0[0] }
            }
            let tables = AppTable.all.filter { $0.schema == "public" }.map(\.name)
            #expect(Set(live) == Set(tables + AppView.all.map { "\($0.name) (view)" }))
            #expect(tables.count == Set(tables).count && tables.count >= 53)
            #expect(try ExpectedAccess(ExpectedAccess.rules).relations == Set(AppTable.relations.keys))
            let folder = PolicyWorld.package.appendingPathComponent("policies").path
            let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".sql") }
            #expect(Set(files) == Set(AppTable.relations.keys.map { "\($0).sql" } + ["storage.buckets.sql"]))
        }

        @Test func `the database holds the rows that are described, and no other`() async throws {
            try await PolicyWorld.requests { api in
                for table in AppTable.all {
                    let described = try await api.keys(of: table).map(\.key).sorted()
                    let held = try await api.session.query(
                        Query(unsafeSQL: "select \(table.keyText) from \(table.qualified)")
                    ).compactMap { $0[0] }.sorted()
                    #expect(held == described, "\(table.title)")
                }
            }
        }

        @Test func `a rule that cannot be read, names nobody or no row is an error`() throws {
            #expect(throws: ExpectedAccess.Mistake.self) { try ExpectedAccess("user_trips user own own") }
            #expect(throws: ExpectedAccess.Mistake.self) { try ExpectedAccess("user_trips C own own own none own") }
            let rules = try ExpectedAccess("user_trips A own,opne own own none own")
            let rows: [String: Person?] = ["a": .a, "open": .a]
            #expect(throws: ExpectedAccess.Mistake.self) { try rules.cell(.read, "user_trips", .a, rows: rows) }
            #expect(throws: ExpectedAccess.Mistake.self) { try rules.cell(.read, "user_trips", .b, rows: rows) }
            #expect(try rules.cell(.insert, "user_trips", .a, rows: rows) == .rows(["a", "open"]))
            #expect(try rules.cell(.insert, "user_trips", .anon, rows: rows) == .noGrant)
        }
    }
}
