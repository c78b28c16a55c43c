import CatalogInspection
import Diagnostics
import PostgresClient
import SQLText

/// Opens the door: all grants of the backup, in a transaction of the caller's.
struct AccessRestore {
    let manifest: BackupManifest
    let plan: RestorePlan
    let door: ClosedDoor

    /// Runs the grants.
    ///
    /// pg_dump writes grants as differences to the built-in default, by which everyone may execute a function. The
    /// functions of this restore were made without that default, so it is given back first where the source had it.
    func run(_ statements: [String], on session: Session) async throws {
        try await session.execute(Query(unsafeSQL: ClosedDoor.reopenFunctions))
        for statement in publicFunctionGrants + statements + largeObjectGrants + keptDefaults {
            do throws(PostgresError) { try await session.executeScript(statement) } catch {
                throw StatementFailure.error(error, statement: statement, phase: "grants")
            }
        }
        for statement in try await surplusOfSchemas(on: session) {
            try await session.execute(Query(unsafeSQL: statement))
        }
    }

    /// What a schema grants on the target and not in the backup.
    ///
    /// Schemas are the one kind that is there before the restore: a fresh project opens `public` to the API roles, and
    /// pg_dump, which knows only PostgreSQL's own default, does not say where the source had closed it.
    private func surplusOfSchemas(on session: Session) async throws -> [String] {
        let expected = Dictionary(manifest.accessLists.map { ($0.objectName, $0) }) { first, _ in first }
        return try await AccessQuery.accessLists(in: session).flatMap { list -> [String] in
            guard list.kind == "schema", !plan.managed.contains(list.identity), let want = expected[list.objectName]
            else { return [] }
            return list.grants.filter { $0.grantee != list.owner }.flatMap { grant -> [String] in
                let kept = want.grants.filter { $0.grantee == grant.grantee }.map(\.privileges).joined()
                let role = grant.grantee.isEmpty ? "PUBLIC" : SQLQuoting.identifier(grant.grantee)
                return [("U", "USAGE"), ("C", "CREATE")].filter { grant.privileges.contains($0.0) }.compactMap {
                    letter, name in
                    let place = "ON SCHEMA \(list.identity) FROM \(role)"
                    guard kept.contains(letter) else { return "REVOKE \(name) \(place)" }
                    let mayGrant = grant.privileges.contains(letter + "*") && !kept.contains(letter + "*")
                    return mayGrant ? "REVOKE GRANT OPTION FOR \(name) \(place)" : nil
                }
            }
        }
    }

    private var publicFunctionGrants: [String] {
        manifest.accessLists.filter { list in
            list.kind == "function" && !plan.managed.contains(list.schema)
                && list.entries.contains { $0.hasPrefix("=X") }
        }
        .map { "GRANT EXECUTE ON ROUTINE \($0.identity) TO PUBLIC" }
    }

    /// pg_dump leaves large objects out of a schema, and their grants with them.
    private var largeObjectGrants: [String] {
        manifest.accessLists.filter { $0.kind == "large object" }.flatMap { list in
            list.grants.filter { $0.grantee != list.owner }.flatMap { grant -> [String] in
                let role = grant.grantee.isEmpty ? "PUBLIC" : SQLQuoting.identifier(grant.grantee)
                return [("r", "SELECT"), ("w", "UPDATE")].filter { grant.privileges.contains($0.0) }.map {
                    letter, name in
                    let option = grant.privileges.contains(letter + "*") ? " WITH GRANT OPTION" : ""
                    return "GRANT \(name) ON LARGE OBJECT \(list.identity) TO \(role)\(option)"
                }
            }
        }
    }

    /// A backup of a database that is no Supabase project says nothing of the project's default privileges.
    private var keptDefaults: [String] { manifest.source.isSupabaseShaped ? [] : door.reopening }
}
