import CatalogInspection
public import PostgresClient
import PostgresTypes

/// Plans, writes and removes seeded rows.
///
/// ```swift
/// let runner = SeedRunner(settings: settings, options: SeedOptions(scale: SeedScale(10)))
/// let report = try await runner.apply()
/// ```
public struct SeedRunner: Sendable {
    let settings: ConnectionSettings
    let options: SeedOptions
    let retry: RetryPolicy
    let onEvent: @Sendable (SeedEvent) -> Void

    /// A runner for one database.
    ///
    /// - Parameters:
    ///   - settings: The database.
    ///   - options: How the run behaves.
    ///   - retry: How long connecting is tried.
    ///   - onEvent: Told what happens; called from any thread.
    public init(
        settings: ConnectionSettings,
        options: SeedOptions,
        retry: RetryPolicy = .none,
        onEvent: @escaping @Sendable (SeedEvent) -> Void = { _ in }
    ) {
        self.settings = settings
        self.options = options
        self.retry = retry
        self.onEvent = onEvent
    }

    /// What a run would write; changes nothing and takes no lock.
    ///
    /// - Returns: The plan, with what speaks against it.
    /// - Throws: `PostgresError`.
    public func plan() async throws -> SeedPlan {
        try await transaction(.repeatableReadOnly) { try await Surroundings.read(self, in: $0).plan }
    }

    /// Writes the rows of the scale, in one transaction.
    ///
    /// Triggers are off meanwhile, so that no second profile is made and no time of change is moved; therefore the
    /// foreign keys of all seeded rows are proved before the end.
    ///
    /// - Returns: What was written.
    /// - Throws: ``SeedError`` when the guard refuses, another run holds the lock, the schema is another one, the rows
    ///   would not fit, or the server refuses a row; `PostgresError`. Nothing was changed then.
    public func apply() async throws -> SeedReport {
        let begin = ContinuousClock.now
        return try await transaction(.readCommitted) { session in
            try await SeedLock.take(in: session)
            let found = try await Surroundings.read(self, in: session)
            try SeedGuard.check(found.plan.signs, options)
            guard found.plan.obstacles.isEmpty else { throw SeedError.unfit(found.plan.obstacles) }
            guard found.facts.maySetReplicationRole else { throw SeedError.mayNotReplicate(role: found.facts.role) }
            guard found.plan.fits else { throw SeedError.tooLarge(found.plan) }
            return try await SeedWriting(runner: self, found: found, session: session).run(since: begin)
        }
    }

    /// Removes every row that seeding made, in one transaction.
    ///
    /// Needs no mark: this is also how a mistake is undone.
    ///
    /// - Returns: What was removed.
    /// - Throws: ``SeedError`` when rows of others refer to seeded ones and may not go as well; `PostgresError`.
    public func clear() async throws -> SeedRemovalReport {
        let begin = ContinuousClock.now
        return try await transaction(.readCommitted) { session in
            try await SeedLock.take(in: session)
            let keys = try await ForeignKeyQuery.foreignKeys(in: session)
            let live = try await LiveTable.read(["auth", "public"], in: session)
            let tables = TableOrder(options.tables.filter { live[$0.displayName] != nil }, foreignKeys: keys).tables
            let removal = SeedRemoval(tables: tables, foreignKeys: keys) { $0.isSeeded($1) }
            let dependents = try await removal.dependents(in: session)
            guard dependents.isEmpty || options.removesDependents else {
                throw SeedError.dependents(dependents, command: "wheels-db seed clear --cascade")
            }
            let files = try await StoredFiles.finding(in: session)
            let removed = try await removal.run(in: session)
            return SeedRemovalReport(
                tables: tables.map { .init(name: $0.displayName, removed: removed[$0.displayName] ?? 0) },
                findings: dependents + files, duration: .now - begin)
        }
    }

    /// Lends a session in a transaction under pinned settings, closed in any case.
    private func transaction<Value: Sendable>(
        _ mode: TransactionMode,
        _ body: (Session) async throws -> Value
    ) async throws -> Value {
        let session = try await Session.connect(to: settings, applicationName: options.applicationName, retry: retry)
        do {
            let value = try await session.withTransaction(mode) { session in
                try await session.executeScript(PinnedSettings.script)
                return try await body(session)
            }
            await session.close()
            return value
        } catch {
            await session.close()
            throw error
        }
    }
}
