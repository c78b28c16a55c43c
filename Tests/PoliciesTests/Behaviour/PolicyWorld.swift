import Foundation
import LocalPostgres
import PostgresClient
import PostgresTesting

/// The databases of these tests: the app's schema, every file of `policies/`, two tenants and the people around them.
///
/// One for each era of default privileges, made by the first test that asks. No test leaves anything in it.
actor PolicyWorld {
    private static let shared = PolicyWorld()

    private var servers: [DefaultPrivilegesEra: Task<LocalServer, any Error>] = [:]

    /// The folder of this package.
    static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Runs a body with a session, which is closed afterwards.
    ///
    /// - Parameters:
    ///   - role: Whom it logs in as.
    ///   - era: Which database.
    ///   - body: The body.
    /// - Returns: What the body returns.
    /// - Throws: `PostgresError`.
    static func session<Value: Sendable>(
        as role: String = "postgres",
        era: DefaultPrivilegesEra = .apiRolesGetAll,
        _ body: (Session) async throws -> Value
    ) async throws -> Value {
        let server = try await shared.server(of: era)
        let session = try await Session.connect(
            to: server.settings(database: database(of: era), user: role),
            applicationName: "wheels-db/test"
        )
        do {
            let value = try await body(session)
            await session.close()
            return value
        } catch {
            await session.close()
            throw error
        }
    }

    /// Runs a body with a session that sends requests; whatever they write is rolled back.
    static func requests<Value: Sendable>(
        era: DefaultPrivilegesEra = .apiRolesGetAll,
        _ body: (ApiSession) async throws -> Value
    ) async throws -> Value {
        try await session(era: era) { try await body(ApiSession($0)) }
    }

    private static func database(of era: DefaultPrivilegesEra) -> String { "policy_world_\(era.rawValue.lowercased())" }

    private func server(of era: DefaultPrivilegesEra) async throws -> LocalServer {
        if let made = servers[era] { return try await made.value }
        let making = Task {
            let name = Self.database(of: era)
            let server = try await SharedAppDatabase.make(named: name, era: era)
            let session = try await Session.connect(
                to: server.settings(database: name),
                applicationName: "wheels-db/test"
            )
            try await session.executeScript(Self.policies())
            try await session.executeScript(Self.rows)
            await session.close()
            return server
        }
        servers[era] = making
        return try await making.value
    }

    /// The files of `policies/`, after everything is taken away that they might not give.
    private static func policies() throws -> String {
        let folder = package.appendingPathComponent("policies")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".sql") }
        let texts = try files.sorted().map {
            try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8)
        }
        let revoke = ["tables", "sequences"].map {
            "revoke all on all \($0) in schema public from public, anon, authenticated, service_role;"
        }
        return (["begin;"] + revoke + texts + ["commit;"]).joined(separator: "\n")
    }

    /// The people, and a row of each in every table.
    private static var rows: String {
        let people = Person.users.compactMap { person in person.id.map { ($0, person.label) } }
        let others = [(Person.newcomer, "newcomer"), (Person.suspended, "suspended")]
        let accounts = (people + others).map { id, name in
            """
            insert into auth.users (id, email, aud, role) values
                ('\(id)', '\(name)@example.org', 'authenticated', 'authenticated');
            """
        }
        // Nothing of what a trigger gave them is in the way of a row that is given away.
        let empty = others.flatMap { id, _ in
            ["profiles where id", "user_settings where user_id"].map { "delete from public.\($0) = '\(id)';" }
        }
        let rows = AppTable.all.flatMap { table in table.rows.map(table.fixture) }
        return (["begin;"] + accounts + empty + rows + ["commit;"]).joined(separator: "\n")
    }
}
