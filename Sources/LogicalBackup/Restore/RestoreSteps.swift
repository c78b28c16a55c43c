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
        let door = try await leader.withTransaction { session in
            let door = try await ClosedDoor.close(on: session, manifest: manifest, run: run, managed: plan.managed)
            try await createSchema(preData)
            return door
        }
        do {
            return try await fill(behind: door, indexes: indexes, postData: postData, access: access)
        } catch {
            throw UnfinishedRestore.error(error, database: prepared.target.facts.name)
        }
    }

    /// Everything after the schema: what fails here leaves a database that is closed and says so.
    private func fill(
        behind door: ClosedDoor,
        indexes: [String],
        postData: [String],
        access: [String]
    ) async throws -> ProofReport? {
        let loader = RowLoader(run: run, manifest: manifest, prepared: prepared, leader: leader)
        try await loader.load(plan.tables.filter { !$0.referencesCatalog })
        try await loader.loadLargeObjects()
        try await execute(indexes, phase: "indexes")
        try await loader.load(plan.tables.filter(\.referencesCatalog))
        try await setSequences()
        try await execute(postData, phase: "post-data")
        try await refreshMaterializedViews()
        try await execute(["ANALYZE"], phase: "analyze")
        let proof = RestoreProof(run: run, manifest: manifest, plan: plan, target: prepared.target)
        if run.options.proves {
            _ = try await leader.withTransaction(.repeatableReadOnly) { try await proof.proveRows(inTransactionOf: $0) }
        }
        // One transaction: nobody sees grants before they are proved.
        return try await leader.withTransaction { session in
            try await AccessRestore(manifest: manifest, plan: plan, door: door).run(access, on: session)
            let report = run.options.proves ? try await proof.proveAccess(on: session) : nil
            try await ClosedDoor.removeJournal(on: session)
            return report
        }
    }

    /// Restores rows only, into tables that are there and empty: all of them, proved, or none.
    func restoreRows() async throws -> ProofReport? {
        try await leader.withTransaction { session in
            for record in plan.tables {
                // Rows that somebody else adds meanwhile would not be those of the backup.
                let sql = "LOCK TABLE \(record.table.qualifiedName) IN SHARE ROW EXCLUSIVE MODE"
                try await session.execute(Query(unsafeSQL: sql))
            }
            let loader = RowLoader(run: run, manifest: manifest, prepared: prepared, leader: session)
            try await loader.loadInTransaction(plan.tables)
            let proof = RestoreProof(run: run, manifest: manifest, plan: plan, target: prepared.target)
            return run.options.proves ? try await proof.proveRows(inTransactionOf: session) : nil
        }
    }

    /// Tables and functions, row level security included.
    private func createSchema(_ statements: [String]) async throws {
        try await execute(statements, phase: "schema")
        for record in plan.tables where !plan.isManaged(record) && record.table.hasRowSecurity {
            let sql = "ALTER TABLE ONLY \(record.table.qualifiedName) ENABLE ROW LEVEL SECURITY"
            try await leader.execute(Query(unsafeSQL: sql))
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
        for sequence in manifest.sequences where plan.restores(sequence) {
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
