import Foundation
import Glibc
import ObjectStoreTesting
import OffPool
import PostgresClient
import PostgresTesting
import Testing

@testable import ArchiveRepository
@testable import LocalPostgres

/// A repository whose backups and prunes are killed and followed by others, round after round.
struct RepositoryCampaign: Sendable {
    /// What is killed.
    enum Victim: String, Sendable {
        case backup, prune
    }

    /// From when on the moments of killing count.
    enum Beginning: Int, Sendable {
        /// From the start of the process.
        case start
        /// From the moment at which its claim is there: what comes before writes nothing.
        case claim
        /// From its first object of rows, or its first removal.
        case work

        /// Every third moment is one of the whole life, every third one of the time with a claim, every third one of the
        /// time in which it stores or removes.
        init(round: Int) { self = Beginning(rawValue: 2 - round % 3) ?? .start }
    }

    /// How long a run takes from each beginning when nobody kills it.
    struct Life: Sendable {
        private var parts: [Beginning: Duration] = [:]

        subscript(_ beginning: Beginning) -> Duration {
            get { parts[beginning] ?? .zero }
            set { parts[beginning] = newValue }
        }

        /// Learns from a run that was to be killed: a little longer when it was, clearly shorter when it ended before.
        ///
        /// So about one of four runs ends before its moment, however fast the machine is just then.
        mutating func learn(from beginning: Beginning, hadEnded: Bool) {
            self[beginning] = self[beginning] * (hadEnded ? 0.85 : 1.05)
        }
    }

    let work: Workplace
    let store: any BlobStore
    private let location: String
    private let variables: [String: String]
    private let session: Session

    /// A campaign on a folder of this machine.
    static func onFolder() async throws -> RepositoryCampaign {
        let work = try Workplace()
        return try await RepositoryCampaign(work, location: work.repository.path, variables: [:])
    }

    /// A campaign on S3.
    static func onS3() async throws -> RepositoryCampaign {
        let store = try await ObjectStore.shared()
        let place = store.location(bucket: try await offPool { try store.makeBucket() }, prefix: "app")
        return try await RepositoryCampaign(Workplace(), location: place, variables: store.environment)
    }

    private init(_ work: Workplace, location: String, variables: [String: String]) async throws {
        self.work = work
        self.location = location
        self.variables = variables.merging(["DATABASE_URL": try ScratchDatabase.current.settings.url]) { $1 }
        store = try BlobStores.open(location: location, environment: variables)
        session = try await ScratchDatabase.current.session()
        // Each table is an object of its own. Two and two hold the same rows: workers store them at the same moment.
        try await session.executeScript(
            """
            do $$ begin for t in 0..15 loop
              execute format('create table public.t%s (id int primary key, body text)', t);
              execute format('insert into public.t%s select n, repeat(md5((n + %s)::text), 8)
                from generate_series(1, 2000) n', t, t % 8);
            end loop; end $$
            """
        )
        try await expectSuccess(["repository", "init", "--repository", location, "--new-identity", work.identity.path])
    }

    private var keys: [String] { ["--repository", location, "--identity", work.identity.path] }

    private func command(_ victim: Victim) -> [String] {
        switch victim {
        case .backup: ["backup", "create", "--repository", location]
        // No grace time: what an earlier prune deleted goes now.
        case .prune: ["backup", "prune", "--keep-last", "1", "--grace", "0s"] + keys
        }
    }

    /// Runs the program to its end, which is a good one.
    @discardableResult
    func expectSuccess(_ arguments: [String], _ comment: String = "") async throws -> WheelsProgram.Outcome {
        let outcome = try await work.program.run(arguments, adding: variables)
        #expect(outcome.status == 0, "\(comment) \(arguments.prefix(2)): \(outcome)")
        return outcome
    }

    /// Changes three of four tables.
    ///
    /// Rows come back after a while, so that a backup wants what a prune was removing.
    func change(_ round: Int) async throws {
        try await session.executeScript(
            """
            do $$ begin for t in 0..15 loop
              if (t + \(round)) % 4 > 0 then
                execute format('update public.t%s set body = repeat(md5((id + %s)::text), 8) where id %% 50 = 0',
                  t, t % 8 + 100 * (\(round) % 3));
              end if;
            end loop; end $$
            """
        )
    }

    /// Makes changed backups and deletes all but the newest, so that the next prune has their objects to remove.
    func fill(_ count: Int, _ comment: String = "") async throws {
        for number in 0..<count {
            try await change(number)
            try await expectSuccess(command(.backup), comment)
        }
        try await expectSuccess(["backup", "prune", "--keep-last", "1"] + keys, comment)
    }

    /// Runs to the end and tells how long that took.
    func life(of victim: Victim, _ comment: String = "") async throws -> Life {
        let before = try await objects()
        var begins = [Beginning.start: ContinuousClock.now]
        let run = try work.program.start(command(victim), adding: variables)
        for beginning in [Beginning.claim, .work] {
            try await wait(for: beginning, of: victim, run, before)
            begins[beginning] = .now
        }
        let outcome = try await run.outcome()
        #expect(outcome.status == 0, "\(comment): the \(victim) ended with \(outcome)")
        let end = ContinuousClock.now
        return begins.reduce(into: Life()) { $0[$1.key] = end - $1.value }
    }

    /// Starts a run and kills it at a moment of its life; the moments of many rounds are spread evenly.
    func kill(
        _ victim: Victim,
        _ round: Int,
        from beginning: Beginning,
        of life: Life,
        _ before: Set<String>
    ) async throws -> WheelsProgram.Outcome {
        let part = (0.5 + Double(round) * 0.618_034).truncatingRemainder(dividingBy: 1)
        let run = try work.program.start(command(victim), adding: variables)
        try await wait(for: beginning, of: victim, run, before)
        try await Task.sleep(for: life[beginning] * part)
        run.send(SIGKILL)
        return try await run.outcome()
    }

    /// Waits until a run is as far as that, or has ended.
    private func wait(
        for beginning: Beginning,
        of victim: Victim,
        _ run: RunningProgram,
        _ before: Set<String>
    ) async throws {
        let isThere = try await eventually {
            if Glibc.kill(run.pid, 0) != 0 { return true }
            return switch (beginning, victim) {
            case (.start, _): true
            case (.claim, _): try await !objects("claims/").isEmpty
            case (.work, .backup): try await !objects("chunks/").isSubset(of: before)
            case (.work, .prune):
                try await !before.filter { $0.hasPrefix("manifests/") }.isSubset(of: objects("manifests/"))
            }
        }
        #expect(isThere)
    }

    /// The names of the objects, all or some.
    func objects(_ prefix: String = "") async throws -> Set<String> {
        try await offPool { Set(try store.list(prefix).map(\.name.description)) }
    }

    /// Expects that nothing is missing, damaged or foreign, and that no two objects hold the same content.
    func expectClean(_ comment: String, _ depth: [String] = []) async throws {
        try await expectSuccess(["repository", "check", "--json"] + depth + keys, comment)
        let identity = try String(contentsOf: work.identity, encoding: .utf8)
        let census = try await offPool { try ContentCensus(of: store, identityFile: identity) }
        #expect(census.twins.isEmpty, "\(comment): of \(census.count) objects some hold the same content")
    }

    /// Expects that each backup that is listed can be restored.
    func expectVerified(_ comment: String) async throws {
        let list = try await expectSuccess(["backup", "list", "--json"] + keys, comment)
        let backups = (try list.json()["backups"] as? [[String: Any]] ?? []).compactMap { $0["backup"] as? String }
        #expect(!backups.isEmpty, "\(comment): \(list)")
        for backup in backups { try await expectSuccess(["backup", "verify", backup] + keys, comment) }
    }

    /// Expects that nothing half written and no claim is left.
    func expectTidy(_ comment: String) async throws {
        let left = try await objects().filter { $0.hasPrefix("claims/") }
        #expect(left.isEmpty, "\(comment)")
        let incoming = work.repository.appendingPathComponent(".incoming").path
        let halves = (try? FileManager.default.contentsOfDirectory(atPath: incoming)) ?? []
        #expect(halves.isEmpty, "\(comment)")
    }
}
