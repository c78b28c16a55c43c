import CatalogInspection
import Diagnostics
import PostgresTypes
import SQLText

/// What stands in the way of a restore, found before anything is touched.
enum RestoreObstacles {
    /// Obstacles of a restore of everything.
    static func whole(manifest: BackupManifest, plan: RestorePlan, target: TargetState) -> [Finding] {
        var findings: [Finding] = []
        if !target.relations.isEmpty {
            let more = target.relations.count > 3 ? " and \(target.relations.count - 3) more" : ""
            findings.append(
                error(
                    "restore.target-not-empty",
                    "Database \(target.facts.name) is not empty: it holds "
                        + target.relations.prefix(3).joined(separator: ", ") + more + ".",
                    Remedy("Restore into an empty database or a fresh Supabase project.")
                )
            )
        }
        findings += missingRoles(manifest, plan, target)
        findings += foreignOwners(manifest, plan, target)
        return findings
    }

    /// Obstacles of any restore.
    static func any(manifest: BackupManifest, plan: RestorePlan, target: TargetState) -> [Finding] {
        var findings: [Finding] = []
        if let backup = target.unfinishedRestore {
            findings.append(
                error(
                    "restore.unfinished",
                    "Database \(target.facts.name) holds an unfinished restore of backup \(backup)."
                        + " Nothing in it is open to anon and authenticated.",
                    Remedy("Drop and create the database again, or take another fresh project, and restore into that.")
                )
            )
        }
        if target.facts.serverVersion.major < manifest.source.serverVersion.major {
            findings.append(
                error(
                    "restore.older-server",
                    "The backup is of PostgreSQL \(manifest.source.serverVersion) and the target is older,"
                        + " \(target.facts.serverVersion).",
                    Remedy("Restore into PostgreSQL \(manifest.source.serverVersion.major) or newer.")
                )
            )
        }
        if manifest.source.encoding != target.facts.encoding {
            findings.append(
                error(
                    "restore.encoding",
                    "The backup is of a \(manifest.source.encoding) database and the target is \(target.facts.encoding).",
                    Remedy("Create the target database with ENCODING '\(manifest.source.encoding)'.")
                )
            )
        }
        for record in plan.tables where plan.isManaged(record) || plan.isPartial {
            if let finding = unfit(record, target, isManaged: plan.isManaged(record)) { findings.append(finding) }
        }
        return findings
    }

    /// Rows can go only into a table that has all their columns, of the same types.
    private static func unfit(_ record: TableRecord, _ target: TargetState, isManaged: Bool) -> Finding? {
        let name = record.table.displayName
        guard let table = target.tables.first(where: { $0.displayName == name }) else {
            return error(
                "restore.table-missing",
                "The target has no table \(name), and the backup has \(record.rows) rows of it.",
                isManaged
                    ? Remedy("The project is of another Supabase version: start its service once, or update it.")
                    : Remedy("Create it by its migration first:", command: "wheels-db migrate up")
            )
        }
        let columns = Dictionary(table.columns.map { ($0.name, $0.typeName) }) { first, _ in first }
        let different = record.columns.filter { columns[$0.name] != $0.typeName }.map(\.name)
        guard !different.isEmpty else { return nil }
        return error(
            "restore.columns-differ",
            "\(name): the target lacks, or has in another type, \(different.joined(separator: ", ")).",
            nil
        )
    }

    private static func missingRoles(
        _ manifest: BackupManifest,
        _ plan: RestorePlan,
        _ target: TargetState
    ) -> [Finding] {
        let ours = manifest.accessLists.filter { !plan.managed.contains($0.schema) }
        let wanted = ours.filter { $0.kind != "default privileges" }.reduce(into: Set<String>()) { names, list in
            names.formUnion(list.roles.union([list.owner]))
        }
        return wanted.subtracting(target.roles).sorted().map {
            missing($0, "owns objects or holds grants in the backup")
        }
    }

    /// Roles that stand in policies; such a role need not own or hold anything.
    static func missingRoles(ofPolicies roles: Set<String>, plan: RestorePlan, target: TargetState) -> [Finding] {
        let named = plan.findings.filter { $0.code == "restore.role-missing" }.compactMap(\.subject)
        return roles.subtracting(target.roles).subtracting(named).sorted().map {
            missing($0, "is named by policies of the backup")
        }
    }

    private static func missing(_ role: String, _ what: String) -> Finding {
        Finding(
            code: "restore.role-missing",
            severity: .error,
            subject: role,
            message: "Role \(role) \(what) and does not exist on the target.",
            remedy: Remedy("Create it first:", command: "CREATE ROLE \(SQLQuoting.identifier(role)) NOLOGIN;")
        )
    }

    private static func foreignOwners(
        _ manifest: BackupManifest,
        _ plan: RestorePlan,
        _ target: TargetState
    ) -> [Finding] {
        guard !target.facts.isSuperuser else { return [] }
        let mine = Set(target.facts.memberOf)
        let created = manifest.accessLists.filter {
            !plan.managed.contains($0.schema) && !["schema", "column", "default privileges"].contains($0.kind)
        }
        let foreign = Set(created.map(\.owner)).subtracting(mine).intersection(target.roles)
        return foreign.sorted().map { owner in
            error(
                "restore.owner",
                "Objects of the backup belong to role \(owner), and role \(target.facts.role) is no member of it.",
                Remedy(
                    "As a superuser run:",
                    command: "GRANT \(SQLQuoting.identifier(owner)) TO \(SQLQuoting.identifier(target.facts.role));"
                )
            )
        }
    }

    private static func error(_ code: String, _ message: String, _ remedy: Remedy?) -> Finding {
        Finding(code: code, severity: .error, message: message, remedy: remedy)
    }
}
