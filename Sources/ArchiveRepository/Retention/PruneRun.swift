import Diagnostics
public import Foundation

/// Deletes the backups that no rule keeps, and removes what was deleted when the grace time is over.
///
/// Deleting puts a mark and nothing else, so it takes no right to delete objects and can be undone. Removing goes in an
/// order in which every step leaves a good repository: the manifest first, then the objects that no remaining manifest
/// names, then data keys that open nothing, then marks. Killed anywhere, the next prune goes on.
public struct PruneRun: Sendable {
    /// What to prune, and how.
    public struct Options: Sendable {
        /// Which backups stay.
        public var policy: RetentionPolicy
        /// The time between deleting and removing.
        public var grace: Duration
        /// Backups that are deleted whatever the policy says.
        public var chosen: Set<BackupID> = []
        /// Plan only: nothing is claimed, marked or removed.
        public var isDryRun = false
        /// What the clock of this machine says, as the store's is read.
        public var clock: @Sendable () -> Date = { .now }

        /// What to prune.
        ///
        /// - Parameters:
        ///   - policy: Which backups stay.
        ///   - grace: The time between deleting and removing; seven days unless given.
        public init(policy: RetentionPolicy, grace: Duration = .seconds(7 * 86_400)) {
            self.policy = policy
            self.grace = grace
        }
    }

    /// What a prune is at.
    public struct Progress: Sendable {
        /// The part of the work: `manifests`, `mark` or `remove`.
        public let phase: String
        /// How many are done.
        public let done: Int
        /// How many there are.
        public let total: Int
    }

    private let records: SealedRecords
    private let index: any BackupIndex
    private let keeper: ClaimKeeper
    private var store: any BlobStore { records.store }

    /// A prune of a repository.
    ///
    /// - Parameters:
    ///   - records: What seals claims and marks.
    ///   - index: Whoever can open manifests.
    ///   - timing: How often the claim is renewed.
    public init(records: SealedRecords, index: any BackupIndex, timing: ClaimTiming = ClaimTiming()) {
        self.init(records: records, index: index, keeper: ClaimKeeper(records: records, timing: timing))
    }

    init(records: SealedRecords, index: any BackupIndex, keeper: ClaimKeeper) {
        self.records = records
        self.index = index
        self.keeper = keeper
    }

    /// Prunes; blocks for as long as it takes.
    ///
    /// - Parameters:
    ///   - options: What to prune.
    ///   - onProgress: Receives progress.
    /// - Returns: What was planned and done.
    /// - Throws: ``RepositoryError``: class `usage` for a policy without a rule, `refused` when this machine's clock is
    ///   wrong, `locked` when another run is at work, `permission` when the credentials may not delete, `interrupted` when
    ///   the task was cancelled during the removal; `CancellationError` when it was before.
    public func run(_ options: Options, onProgress: (Progress) -> Void = { _ in }) throws -> PruneReport {
        guard !options.policy.isEmpty || !options.chosen.isEmpty else { throw RepositoryError.emptyPolicy }
        try requireSameTime(options.clock)
        if options.isDryRun { return PruneReport(plan: try plan(options, onProgress), isDryRun: true) }
        let claim = try keeper.take(.prune, command: "backup prune")
        defer { claim.release() }
        let plan = try plan(options, onProgress)
        var report = PruneReport(plan: plan, isDryRun: false)
        try mark(plan, claim, onProgress)
        try remove(plan, claim, &report, onProgress)
        return report
    }

    private func plan(_ options: Options, _ onProgress: (Progress) -> Void) throws -> PrunePlan {
        let state = try PruneState.read(store: store, index: index, marks: MarkBoard(records: records)) {
            onProgress(Progress(phase: "manifests", done: $0, total: $1))
        }
        return try PrunePlan(state, policy: options.policy, grace: options.grace, chosen: options.chosen)
    }

    private func requireSameTime(_ clock: () -> Date) throws {
        let theirs = try store.now()
        let ours = clock()
        let difference = abs(ours.timeIntervalSince(theirs))
        guard difference > PrunePlan.clockTolerance else { return }
        throw RepositoryError(
            code: "prune.clock",
            summary: "The clock of this machine says \(ours.formatted(.iso8601)), that of \(store.location) says"
                + " \(theirs.formatted(.iso8601)). With a wrong clock the wrong backups would go.",
            remedy: Remedy("Set the clock (timedatectl set-ntp true), and prune again."),
            failureClass: .refused
        )
    }

    private func mark(_ plan: PrunePlan, _ claim: HeldClaim, _ onProgress: (Progress) -> Void) throws {
        guard !plan.deletions.isEmpty else { return }
        let board = MarkBoard(records: records)
        let marks = try board.read()
        let record = MarkRecord(at: try store.now(), command: "backup prune", note: "no rule keeps it")
        for (place, id) in plan.deletions.enumerated() {
            try claim.requireHeld()
            try board.delete(id, marks.marks[id] ?? BackupMarks(), record: record)
            onProgress(Progress(phase: "mark", done: place + 1, total: plan.deletions.count))
        }
    }

    private func remove(
        _ plan: PrunePlan,
        _ claim: HeldClaim,
        _ report: inout PruneReport,
        _ onProgress: (Progress) -> Void
    ) throws {
        var names = try plan.manifests.map(Layout.manifest)
        names += plan.objects.map(\.name)
        names += try plan.runKeys.map(Layout.runKey)
        names += try plan.marks.map { try $0.blob }
        names += try plan.egress.map { try $0.blob }
        names += try plan.drills.map { try $0.blob }
        names += try plan.unfinished.map(Layout.unfinished)
        for (place, name) in names.enumerated() {
            try claim.requireHeld()
            do { try store.delete(name) } catch is CancellationError {
                throw Self.interrupted(after: place, of: names.count)
            } catch let error as any ExplainedError {
                guard error.failureClass == .notFound else { throw Self.stopped(error, after: place, of: names.count) }
            }
            report.removedObjects = place + 1
            onProgress(Progress(phase: "remove", done: place + 1, total: names.count))
        }
    }

    private static func interrupted(after done: Int, of total: Int) -> RepositoryError {
        RepositoryError(
            code: "prune.interrupted",
            summary: "Interrupted: \(done) of \(total) objects were removed. The repository is good.",
            remedy: Remedy("Prune again: it goes on where this one stopped."),
            failureClass: .interrupted
        )
    }

    private static func stopped(_ error: any ExplainedError, after done: Int, of total: Int) -> RepositoryError {
        RepositoryError(
            code: "prune.stopped",
            summary: "\(error.summary) \(done) of \(total) objects were removed; the repository is good, and deleted"
                + " backups stay deleted.",
            remedy: error.failureClass == .permission
                ? Remedy("Prune with credentials that may delete objects; those of the nightly backup need not.")
                : error.remedy ?? Remedy("Prune again."),
            failureClass: error.failureClass
        )
    }
}

extension RepositoryError {
    static let emptyPolicy = RepositoryError(
        code: "prune.empty-policy",
        summary: "No rule says which backups stay.",
        remedy: Remedy(
            "Give at least one:",
            command: "wheels-db backup prune --keep-daily 7 --keep-weekly 5 --keep-monthly 12"),
        failureClass: .usage
    )
}
