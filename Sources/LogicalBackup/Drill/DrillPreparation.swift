import CatalogInspection
import Diagnostics
import PostgresClient
import SQLText

/// Makes on a throwaway server what a hosted project has and a restore cannot make: roles, and extensions.
///
/// It runs as the server's superuser, in the empty database that the backup is restored into.
struct DrillPreparation: Sendable {
    let manifest: BackupManifest
    /// The role that restores, which gets to be a member of the roles that own objects.
    let restorer: String

    /// What the server could not be given.
    struct Outcome: Sendable {
        /// Extensions of the backup that this installation of PostgreSQL does not bring.
        var missingExtensions: [String] = []
        var findings: [Finding] = []
    }

    func run(on session: Session) async throws -> Outcome {
        try await createRoles(on: session)
        return try await createExtensions(on: session)
    }

    // MARK: - Roles

    private func createRoles(on session: Session) async throws {
        let there = Set(try await names("select rolname from pg_catalog.pg_roles", session))
        let described = Dictionary(manifest.surroundings.roles.items.map { ($0.name, $0) }) { first, _ in first }
        let used = manifest.accessLists.reduce(into: Set<String>()) { $0.formUnion($1.roles.union([$1.owner])) }
        let missing = Set(described.keys).union(used).subtracting(there).subtracting([""])
            .filter { !$0.hasPrefix("pg_") }.sorted()
        for name in missing {
            try await session.executeScript("CREATE ROLE \(SQLQuoting.identifier(name)) \(attributes(described[name]))")
        }
        for membership in manifest.surroundings.memberships.items
        where there.union(missing).isSuperset(of: [membership.role, membership.member])
            && (missing.contains(membership.role) || missing.contains(membership.member))
        {
            let role = SQLQuoting.identifier(membership.role)
            let admin = membership.mayGrant ? " WITH ADMIN OPTION" : ""
            try await session.executeScript("GRANT \(role) TO \(SQLQuoting.identifier(membership.member))\(admin)")
        }
        // Last: a role that the restoring one belongs to already cannot be made its member.
        for name in missing where try await !isMember(restorer, of: name, session) {
            try await session.executeScript(
                "GRANT \(SQLQuoting.identifier(name)) TO \(SQLQuoting.identifier(restorer))")
        }
    }

    /// What a role may, less what would make it a superuser or let it log in here.
    private func attributes(_ role: RoleInfo?) -> String {
        guard let role else { return "NOLOGIN" }
        let flags = [
            (role.inherits, "INHERIT"), (role.mayCreateRoles, "CREATEROLE"), (role.mayCreateDatabases, "CREATEDB"),
            (role.bypassesRowSecurity, "BYPASSRLS"),
        ]
        return "NOLOGIN " + flags.map { $0.0 ? $0.1 : "NO\($0.1)" }.joined(separator: " ")
    }

    private func isMember(_ role: String, of other: String, _ session: Session) async throws -> Bool {
        let rows = try await session.query(
            "select pg_catalog.pg_has_role(\(role)::name, \(other)::name, 'MEMBER')::text")
        // Either way round, or the grant would close a circle.
        let back = try await session.query(
            "select pg_catalog.pg_has_role(\(other)::name, \(role)::name, 'MEMBER')::text")
        return rows.first?[0] == "true" || back.first?[0] == "true"
    }

    // MARK: - Extensions

    private func createExtensions(on session: Session) async throws -> Outcome {
        let there = Set(try await names("select extname from pg_catalog.pg_extension", session))
        let available = Set(try await names("select name from pg_catalog.pg_available_extensions", session))
        let owners = Dictionary(
            manifest.accessLists.filter { $0.kind == "schema" }.map { ($0.identity, $0.owner) }
        ) { first, _ in first }
        var schemas = Set(try await names("select nspname from pg_catalog.pg_namespace", session))
        var outcome = Outcome()
        for wanted in manifest.extensions.sorted(by: { $0.name < $1.name }) where !there.contains(wanted.name) {
            guard available.contains(wanted.name) else {
                outcome.missingExtensions.append(wanted.name)
                outcome.findings.append(Self.missing(wanted))
                continue
            }
            if schemas.insert(wanted.schema).inserted {
                let owner = owners[wanted.schema].map { " AUTHORIZATION \(SQLQuoting.identifier($0))" } ?? ""
                try await session.executeScript("CREATE SCHEMA \(SQLQuoting.identifier(wanted.schema))\(owner)")
            }
            let schema = SQLQuoting.identifier(wanted.schema)
            try await session.executeScript(
                "CREATE EXTENSION IF NOT EXISTS \(SQLQuoting.identifier(wanted.name)) WITH SCHEMA \(schema) CASCADE")
        }
        return outcome
    }

    private static func missing(_ wanted: ExtensionInfo) -> Finding {
        Finding(
            code: "drill.extension-missing",
            severity: .note,
            subject: wanted.name,
            message: "Extension \(wanted.name) is not on this machine; the drill goes without it.",
            remedy: Remedy("Install its package, so that the drill tries what uses it.")
        )
    }

    private func names(_ sql: String, _ session: Session) async throws -> [String] {
        try await session.query(Query(unsafeSQL: sql)).compactMap { $0[0] }
    }
}
