import ArchiveRepository
import CatalogInspection
import Diagnostics
import PostgresClient
import PostgresTypes
import SQLText

/// The steps of a restore, in the order that keeps every state of the target closed.
struct RestoreSteps {
    let run: RestoreRun
    let manifest: BackupManifest
    let prepared: PreparedRestore
    let leader: Session

    private var plan: RestorePlan { prepared.plan }

    /// Restores everything: schema, rows, indexes, the rest of the schema, proof, grants.
    func restoreAll() async throws -> ProofReport? {
        let script = prepared.script
        let preData = try await script.statements(of: plan.preData, phase: "pre-data")
        let indexes = try await script.statements(of: plan.indexes, phase: "indexes")
        let postData = try await script.statements(of: plan.postData, phase: "post-data")
        let access = try await script.statements(of: plan.access, phase: "access")
        let door = try await ClosedDoor.close(
            on: leader,
            backup: manifest.backup,
            toolVersion: run.options.toolVersion,
            managed: plan.managed
        )
        do { try await createSchema(preData) } catch {
            try await reopen(door)
            throw error
        }
        let loader = RowLoader(run: run, manifest: manifest, prepared: prepared)
        try await loader.load(plan.tables.filter { !$0.referencesCatalog })
        try await loader.loadLargeObjects(on: leader)
        try await execute(indexes, phase: "indexes")
        try await loader.load(plan.tables.filter(\.referencesCatalog))
        try await setSequences()
        try await execute(postData, phase: "post-data")
        try await refreshMaterializedViews()
        try await execute(["ANALYZE"], phase: "analyze")
        let proof = RestoreProof(run: run, manifest: manifest, plan: plan, target: prepared.target)
        if run.options.proves { try await proof.proveRows(on: leader) }
        try await AccessRestore(manifest: manifest, plan: plan, door: door).run(access, on: leader)
        let report = run.options.proves ? try await proof.proveAccess(on: leader) : nil
        try await ClosedDoor.removeJournal(on: leader)
        return report
    }

    /// Restores rows only, into tables that are there and empty.
    func restoreRows() async throws -> ProofReport? {
        let loader = RowLoader(run: run, manifest: manifest, prepared: prepared)
        try await loader.load(plan.tables)
        let proof = RestoreProof(run: run, manifest: manifest, plan: plan, target: prepared.target)
        return run.options.proves ? try await proof.proveRows(on: leader) : nil
    }

    /// Tables and functions in one transaction, row level security included: all of it or nothing.
    private func createSchema(_ statements: [String]) async throws {
        try await leader.withTransaction { session in
            try await execute(statements, phase: "schema")
            for record in plan.tables where !plan.isManaged(record) && record.table.hasRowSecurity {
                let sql = "ALTER TABLE ONLY \(record.table.qualifiedName) ENABLE ROW LEVEL SECURITY"
                try await session.execute(Query(unsafeSQL: sql))
            }
        }
    }

    /// Undoes the closing when nothing came after it.
    private func reopen(_ door: ClosedDoor) async throws {
        try await leader.withTransaction { session in
            for statement in door.reopening + [ClosedDoor.reopenFunctions] {
                try await session.execute(Query(unsafeSQL: statement))
            }
            try await ClosedDoor.removeJournal(on: session)
        }
    }

    private func execute(_ statements: [String], phase: String) async throws {
        for (place, statement) in statements.enumerated() {
            do { try await leader.executeScript(statement) } catch {
                throw StatementFailure.error(error, statement: statement, phase: phase)
            }
            run.onProgress(RunProgress(phase: phase, done: place + 1, total: statements.count))
        }
    }

    private func setSequences() async throws {
        for sequence in manifest.sequences where !plan.managed.contains(sequence.schema) {
            try await leader.execute(
                """
                select pg_catalog.setval(\(sequence.qualifiedName)::pg_catalog.regclass, \(sequence.lastValue)::int8, \
                \(sequence.isCalled)::bool)
                """
            )
        }
    }

    private func refreshMaterializedViews() async throws {
        let views = manifest.materializedViews.filter { $0.isPopulated && !plan.managed.contains($0.schema) }
        try await execute(
            views.map { "REFRESH MATERIALIZED VIEW \(SQLQuoting.qualified($0.schema, $0.name))" },
            phase: "materialized views"
        )
    }
}

/// The error of one statement of the schema, with what it was.
enum StatementFailure {
    static func error(_ error: PostgresError, statement: String, phase: String) -> any Error {
        guard error.kind == .server else { return error }
        let start = statement.split(separator: "\n").first.map(String.init) ?? ""
        let shown = start.count > 120 ? start.prefix(120) + "…" : start[...]
        return BackupError(
            code: "restore.statement-failed",
            summary: "The target refused a statement of the schema (\(phase)): \(error.summary) Statement: \(shown)",
            remedy: Remedy(
                phase == "schema"
                    ? "Nothing was changed. Remove the cause and start the restore again."
                    : "The database stays closed to API roles. Remove the cause and restore into a fresh database."
            ),
            failureClass: error.failureClass
        )
    }
}
