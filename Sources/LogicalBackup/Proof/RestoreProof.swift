import CatalogInspection
import Diagnostics
import PostgresClient
import PostgresTypes

/// Proves that a database holds what a backup holds.
struct RestoreProof {
    let run: RestoreRun
    let manifest: BackupManifest
    let plan: RestorePlan
    let target: TargetState

    /// Compares rows, digests, row level security, foreign keys and sequences.
    ///
    /// - Throws: ``BackupError`` of class `dataDiffers` with a finding for each difference.
    func proveRows(inTransactionOf session: Session) async throws -> ProofReport {
        try await session.executeScript(PinnedSettings.script)
        var findings = try await differentTables(session)
        let keys = try await checkedForeignKeys(session)
        findings += keys.findings
        if !plan.isPartial { findings += try await differentSequences(session) }
        try Self.fail(findings)
        return report(foreignKeys: keys.count, accessLists: 0)
    }

    /// Compares owners and grants, both ways.
    ///
    /// - Throws: ``BackupError`` of class `dataDiffers`.
    func proveAccess(on session: Session) async throws -> ProofReport {
        let lists = try await AccessQuery.accessLists(in: session)
        let found = Dictionary(lists.filter(isCompared).map { ($0.objectName, $0) }) { first, _ in first }
        let expected = Dictionary(manifest.accessLists.filter(isCompared).map { ($0.objectName, $0) }) { first, _ in
            first
        }
        var findings: [Finding] = []
        for name in Set(found.keys).union(expected.keys).sorted() {
            let have = found[name]
            let want = expected[name]
            guard have?.owner != want?.owner || Set(have?.entries ?? []) != Set(want?.entries ?? []) else { continue }
            let gained = Set(have?.entries ?? []).subtracting(want?.entries ?? []).sorted().joined(separator: ", ")
            let lost = Set(want?.entries ?? []).subtracting(have?.entries ?? []).sorted().joined(separator: ", ")
            findings.append(
                difference(
                    "proof.access",
                    name,
                    "Access to \(name) differs: gained [\(gained)], lost [\(lost)], owner \(have?.owner ?? "none")"
                        + " instead of \(want?.owner ?? "none")."
                )
            )
        }
        try Self.fail(findings)
        return report(foreignKeys: manifest.foreignKeys.count, accessLists: expected.count)
    }

    private func isCompared(_ list: AccessList) -> Bool {
        if plan.managed.contains(list.schema) || list.schema == "wheels_db" { return false }
        if list.kind == "schema", plan.managed.contains(list.identity) || list.identity == "wheels_db" { return false }
        guard list.kind == "default privileges" else { return true }
        return manifest.source.isSupabaseShaped
            && (target.facts.isSuperuser || target.facts.memberOf.contains(list.owner))
    }

    private func report(foreignKeys: Int, accessLists: Int) -> ProofReport {
        ProofReport(
            tables: plan.tables.count,
            rows: plan.rows,
            foreignKeys: foreignKeys,
            accessLists: accessLists,
            sequences: plan.isPartial ? 0 : manifest.sequences.filter(plan.restores).count
        )
    }

    private func differentTables(_ session: Session) async throws -> [Finding] {
        let digest = ContentDigest(types: try await TypeQuery.types(in: session))
        let tables = Dictionary(try await TableQuery.tables(in: session).map { ($0.displayName, $0) }) { first, _ in
            first
        }
        var findings: [Finding] = []
        var roots: [String: [TableRecord]] = [:]
        for (place, record) in plan.tables.enumerated() {
            run.onProgress(RunProgress(phase: "proof", done: place, total: plan.tables.count))
            let name = record.table.displayName
            guard let table = tables[name] else {
                findings.append(difference("proof.table-missing", name, "Table \(name) is missing."))
                continue
            }
            if !plan.isManaged(record), !plan.isPartial,
                table.hasRowSecurity != record.table.hasRowSecurity
                    || table.forcesRowSecurity != record.table.forcesRowSecurity
            {
                findings.append(difference("proof.row-security", name, "Row level security of \(name) differs."))
            }
            if record.loadsThroughRoot, let root = record.rootName {
                roots[root, default: []].append(record)
                continue
            }
            let source = "only \(table.qualifiedName)"
            findings += try await compare([record], name, table, source: source, by: digest, on: session)
        }
        for (root, leaves) in roots.sorted(by: { $0.key < $1.key }) {
            guard let table = tables.values.first(where: { $0.qualifiedName == root }) else {
                findings.append(difference("proof.table-missing", root, "Table \(root) is missing."))
                continue
            }
            findings += try await compare(leaves, root, table, source: root, by: digest, on: session)
        }
        return findings
    }

    /// Compares count and digest; the columns are those of the backup, with the types of the target.
    private func compare(
        _ records: [TableRecord],
        _ name: String,
        _ table: TableInfo,
        source: String,
        by digest: ContentDigest,
        on session: Session
    ) async throws -> [Finding] {
        let types = Dictionary(table.columns.map { ($0.name, $0) }) { first, _ in first }
        let columns = (records.first?.columns ?? []).compactMap { types[$0.name] }
        let condition = records.first?.table.rowCondition
        let sql = digest.statement(source: source, columns: columns, condition: condition)
        guard let answer = try await session.query(Query(unsafeSQL: sql)).first else { return [] }
        let rows: Int = try answer.value("rows")
        let expectedRows = records.reduce(0) { $0 + $1.rows }
        guard rows == expectedRows else {
            return [difference("proof.rows", name, "\(name) holds \(rows) rows; the backup has \(expectedRows).")]
        }
        let found: String = try answer.value("digest")
        guard found == DigestSum.of(records.map(\.digest)) else {
            return [difference("proof.digest", name, "\(name) holds as many rows as the backup, with other contents.")]
        }
        return []
    }

    /// Checks the keys of tables that were there before, whose rows came without triggers.
    ///
    /// Keys that this restore made were checked by the server as it made them.
    private func checkedForeignKeys(_ session: Session) async throws -> (findings: [Finding], count: Int) {
        let loaded = Set(plan.tables.map(\.table.displayName))
        let keys = try await ForeignKeyQuery.foreignKeys(in: session).filter { key in
            (plan.isPartial || plan.managed.contains(key.schema)) && loaded.contains("\(key.schema).\(key.table)")
        }
        var findings: [Finding] = []
        for key in keys {
            let orphans = try await session.query(Query(unsafeSQL: key.orphanCount)).first?[0] ?? "0"
            guard orphans != "0" else { continue }
            let name = "\(key.schema).\(key.table)"
            findings.append(
                difference("proof.foreign-key", name, "\(orphans) rows of \(name) break foreign key \(key.name).")
            )
        }
        return (findings, keys.count)
    }

    private func differentSequences(_ session: Session) async throws -> [Finding] {
        let found = Dictionary(try await SequenceQuery.sequences(in: session).map { ($0.displayName, $0) }) {
            first, _ in first
        }
        return manifest.sequences.filter(plan.restores).compactMap { sequence in
            let name = sequence.displayName
            guard let have = found[name] else {
                return difference("proof.sequence", name, "Sequence \(name) is missing.")
            }
            guard have.lastValue != sequence.lastValue || have.isCalled != sequence.isCalled else { return nil }
            return difference(
                "proof.sequence",
                name,
                "Sequence \(name) stands at \(have.lastValue); in the backup at \(sequence.lastValue)."
            )
        }
    }

    private func difference(_ code: String, _ subject: String, _ message: String) -> Finding {
        Finding(code: code, severity: .error, subject: subject, message: message)
    }

    private static func fail(_ findings: [Finding]) throws {
        guard let first = findings.first else { return }
        let more = findings.count > 1 ? " And \(findings.count - 1) more differences." : ""
        throw BackupError(
            code: first.code,
            summary: "The restored database is not what was backed up: \(first.message)\(more)",
            remedy: Remedy("Do not use this database. Restore into a fresh one; if it happens again, report it."),
            failureClass: .dataDiffers,
            findings: findings
        )
    }
}
