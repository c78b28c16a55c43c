import Diagnostics
import PostgresClient
import PostgresTypes

/// Plans and changes one relation: each in a transaction of its own.
struct RelationRun: Sendable {
    let file: PolicyFile
    let oid: OID
    let session: Session
    let options: PolicyOptions

    /// A plan with what it was made from.
    struct Draft: Sendable {
        let plan: RelationPlan
        /// The catalog that the plan saw.
        let digest: String
        let meaning: [PolicyDefinition]
    }

    /// Compares the relation with its file, in a transaction that is rolled back.
    ///
    /// - Returns: `nil` when the relation is gone.
    /// - Throws: ``UnusableFile`` when the file does not fit the relation; `PostgresError`.
    func draft() async throws -> Draft? {
        do {
            try await session.withTransaction(.repeatableRead) { session in
                try await prepare(session)
                throw Discarded(value: try await draft(in: session))
            }
        } catch let discarded as Discarded {
            return discarded.value
        }
        return nil
    }

    /// Makes the relation equal to its file and records it.
    ///
    /// - Throws: ``StatementFailure``, ``CatalogMoved``, ``NotConverged``, `PostgresError`; nothing is kept then.
    func apply(_ draft: Draft) async throws {
        try await session.withTransaction { session in
            try await prepare(session)
            let isPlatform = CatalogDigest.platformSchemas.contains(file.relation.schema)
            if draft.plan.changes.contains(where: \.locksTable), !isPlatform {
                try await run("lock table only \(file.relation.sql) in access exclusive mode", session)
            }
            guard try await CatalogOverview.digest(of: oid, in: session) == draft.digest else { throw CatalogMoved() }
            for change in draft.plan.changes { try await run(change.sql, session) }
            let digest = draft.plan.changes.isEmpty ? draft.digest : try await proved(draft, session)
            // What the platform lacks is told again in each run: a record would hide it.
            guard !draft.plan.findings.contains(where: { $0.severity == .error }) else { return }
            try await PolicyLedger.record(file, digest: digest, toolVersion: options.toolVersion, in: session)
        }
    }

    private func draft(in session: Session) async throws -> Draft? {
        guard let digest = try await CatalogOverview.digest(of: oid, in: session),
            let live = try await LiveRelation.read(oid, in: session)
        else { return nil }
        if let misfit = Finding.misfits(file, live).first { throw UnusableFile(finding: misfit) }
        let meaning = try await ShadowTable(file: file, columns: live.columns).meaning(in: session)
        let plan = RelationPlan(file, meaning: meaning, live: live, prunes: options.prunes)
        return Draft(plan: plan, digest: digest, meaning: meaning)
    }

    /// The digest of the relation, once the catalog says that nothing is left to do.
    private func proved(_ draft: Draft, _ session: Session) async throws -> String {
        guard let live = try await LiveRelation.read(oid, in: session),
            let digest = try await CatalogOverview.digest(of: oid, in: session)
        else { throw CatalogMoved() }
        let left = RelationPlan(file, meaning: draft.meaning, live: live, prunes: options.prunes)
        guard left.changes.isEmpty else { throw NotConverged(changes: left.changes) }
        return digest
    }

    private func prepare(_ session: Session) async throws {
        let (seconds, attoseconds) = options.lockTimeout.components
        let milliseconds = Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
        try await session.executeScript("set local search_path = ''; set local lock_timeout = \(max(milliseconds, 1));")
    }

    private func run(_ sql: String, _ session: Session) async throws {
        do { try await session.executeScript(sql) } catch {
            throw StatementFailure(statement: sql, error: error)
        }
    }

    /// Carries a result out of a transaction that is to be rolled back.
    private struct Discarded: Error {
        let value: Draft?
    }
}

/// A statement that the server did not carry out.
struct StatementFailure: Error {
    let statement: String
    let error: PostgresError
}

/// The relation changed between the plan and the statements.
struct CatalogMoved: Error {}

/// After the statements the relation still is not as its file says.
struct NotConverged: Error {
    let changes: [PolicyChange]
}
