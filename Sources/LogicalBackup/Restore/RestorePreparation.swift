import ArchiveRepository
import CatalogInspection
import Diagnostics
import Foundation
import PostgresClient
import PostgresTypes
import SQLText

/// Everything that is known before a restore begins.
struct PreparedRestore {
    let plan: RestorePlan
    let target: TargetState
    let script: SchemaScript
}

/// Looks at target and backup and makes the plan.
struct RestorePreparation {
    let run: RestoreRun
    let manifest: BackupManifest

    func prepare(on session: Session) async throws -> PreparedRestore {
        run.onProgress(RunProgress(phase: "plan", done: 0, total: 0))
        let target = try await TargetState.read(session)
        let environment = run.options.environment
        let programs = try await ClientPrograms.find(
            environment: environment,
            atLeast: manifest.source.serverVersion.major
        )
        let folder = try TemporaryFolder(environment: environment)
        let archive = folder.file("schema.pgdump")
        try Data(run.reader.schema(manifest.schemaArchive)).write(to: archive)
        let script = SchemaScript(programs: programs, archive: archive, folder: folder, environment: environment)
        var plan = RestorePlan(
            manifest: manifest,
            entries: try await script.entries(schemas: manifest.schemas),
            target: target,
            only: run.options.tables,
            withoutExtensions: run.options.extensionsLeftOut
        )
        plan.findings += try await tablesWithRows(plan, target, on: session)
        plan.findings += roleObstacles(plan, target)
        let policies = plan.postData.filter { $0.kind == "POLICY" }
        let readers = try PolicyRoles.named(in: try await script.statements(of: policies, phase: "policies"))
        plan.findings += RestoreObstacles.missingRoles(ofPolicies: readers, plan: plan, target: target)
        return PreparedRestore(plan: plan, target: target, script: script)
    }

    /// Rows are only loaded into empty tables: merging is another operation.
    ///
    /// Of the configuration of an extension, which is there with the extension, only the user's rows count.
    private func tablesWithRows(_ plan: RestorePlan, _ target: TargetState, on session: Session) async throws
        -> [Finding]
    {
        guard !plan.isRefused else { return [] }
        var findings: [Finding] = []
        let there = Set(target.tables.map(\.displayName))
        for record in plan.tables where there.contains(record.table.displayName) {
            let name = record.table.qualifiedName
            let condition = record.table.rowCondition.map { " where \($0)" } ?? ""
            let rows = try await session.query(
                Query(unsafeSQL: "select exists (select from \(name) \(ContentDigest.alias)\(condition))::text")
            )
            guard rows.first?[0] == "true" else { continue }
            findings.append(
                Finding(
                    code: "restore.table-not-empty",
                    severity: .error,
                    subject: record.table.displayName,
                    message: "\(record.table.displayName) holds rows already.",
                    remedy: Remedy("Restore into a fresh project, or empty that table first.")
                )
            )
        }
        return findings
    }

    /// Rows of managed tables come without firing the triggers that are there.
    private func roleObstacles(_ plan: RestorePlan, _ target: TargetState) -> [Finding] {
        guard plan.tables.contains(where: { plan.isManaged($0) || plan.isPartial }),
            !target.facts.maySetReplicationRole
        else { return [] }
        return [
            Finding(
                code: "restore.replication-role",
                severity: .error,
                message: "Role \(target.facts.role) may not set session_replication_role, so triggers would fire.",
                remedy: Remedy(
                    "As a superuser run:",
                    command: "GRANT SET ON PARAMETER session_replication_role TO \(target.facts.role);"
                )
            )
        ]
    }
}
