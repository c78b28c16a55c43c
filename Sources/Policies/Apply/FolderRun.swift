import Diagnostics
import PostgresClient

/// One pass over a folder: first every relation is compared, then those that differ are changed.
struct FolderRun: Sendable {
    let overview: CatalogOverview
    let ledger: PolicyLedger
    let session: Session
    let pid: Int
    let options: PolicyOptions
    let watch: BlockerWatch
    let onEvent: @Sendable (PolicyEvent) -> Void

    /// A folder compared with the database.
    struct Comparison: Sendable {
        var plan: PolicyPlan
        /// The relations that were not known to be equal beforehand: what is to be changed, or only recorded.
        var drafts: [(run: RelationRun, draft: RelationRun.Draft)]
    }

    /// Compares every file with its relation.
    ///
    /// - Throws: ``PolicyError`` with a finding for each file that does not fit.
    func compare(_ folder: PolicyFolder) async throws -> Comparison {
        var relations: [RelationPlan] = []
        var drafts: [(run: RelationRun, draft: RelationRun.Draft)] = []
        var problems: [Finding] = []
        for file in folder.files {
            guard let entry = overview.entries[file.relation] else {
                relations.append(RelationPlan(missing: file))
                continue
            }
            if isUnchanged(file, entry) {
                relations.append(RelationPlan(unchanged: file, policyNames: entry.policyNames))
                continue
            }
            let run = RelationRun(file: file, oid: entry.oid, session: session, options: options)
            do {
                guard let draft = try await patient(file.relation, done: []).run({ try await run.draft() }) else {
                    relations.append(RelationPlan(missing: file))
                    continue
                }
                relations.append(draft.plan)
                drafts.append((run, draft))
            } catch let unusable as UnusableFile {
                problems.append(unusable.finding)
            }
        }
        guard problems.isEmpty else { throw PolicyError.unusable(problems) }
        return Comparison(plan: PolicyPlan(relations: relations + withoutFile(folder)), drafts: drafts)
    }

    /// Changes what differs, and records what was found equal.
    ///
    /// - Returns: The relations that were changed.
    func apply(_ comparison: Comparison) async throws -> [RelationPlan] {
        var applied: [RelationPlan] = []
        for (run, draft) in comparison.drafts {
            let begin = ContinuousClock.now
            let relation = draft.plan.relation
            if !draft.plan.changes.isEmpty { onEvent(.started(relation, statements: draft.plan.changes.count)) }
            var first: RelationRun.Draft? = draft
            let done = try await patient(relation, done: applied.map(\.relation)).run {
                // After a failure the catalog may be another one: compare again.
                var next = first.take()
                if next == nil { next = try await run.draft() }
                guard let next else { throw CatalogMoved() }
                try await run.apply(next)
                return next.plan
            }
            guard !done.changes.isEmpty else { continue }
            applied.append(done)
            onEvent(.applied(done, duration: .now - begin))
        }
        return applied
    }

    private func patient(_ relation: RelationName, done: [RelationName]) -> PatientRun {
        PatientRun(relation: relation, options: options, watch: watch, pid: pid, done: done, onEvent: onEvent)
    }

    /// Whether file and catalog are both as the last run recorded them, and no policy is to be removed.
    private func isUnchanged(_ file: PolicyFile, _ entry: CatalogOverview.Entry) -> Bool {
        guard let record = ledger.records[file.relation], record.fileSHA256 == file.sha256,
            record.catalogDigest == entry.digest
        else { return false }
        let names = Set(file.policies.map(\.name))
        return !options.prunes || entry.policyNames.allSatisfy { names.contains($0) }
    }

    /// Relations that should have a file: those of the data API's schemas, and all that have policies.
    private func withoutFile(_ folder: PolicyFolder) -> [RelationPlan] {
        let known = Set(folder.files.map(\.relation))
        return overview.entries.values.filter { !known.contains($0.relation) }.compactMap { entry in
            let isExposed = options.exposedSchemas.contains(entry.relation.schema)
            guard isExposed || !entry.policyNames.isEmpty else { return nil }
            return RelationPlan(
                entry.relation, state: .noFile,
                findings: [.noFile(entry.relation, policies: entry.policyNames, isExposed: isExposed)])
        }
    }
}

extension RelationPlan {
    /// A file that no relation belongs to.
    fileprivate init(missing file: PolicyFile) {
        self.init(file.relation, file: file.path, state: .noTable, findings: [.noTable(file)])
    }
}
