import ArchiveRepository
import Diagnostics
import Foundation
import Maintenance
import Migrations
import Policies
import PostgresClient
import ProjectHealth

/// Looks at everything that `health` tells about, each with its own deadline; never over more than one connection.
struct HealthGathering: Sendable {
    let settings: ConnectionSettings
    /// What the plan lets the database hold; `nil` where no plan is known.
    var databasePlan: ByteSize?
    /// The time that each service has to be looked at.
    var limit = Duration.seconds(5)
    /// The folder of migrations; `nil` when there is none here.
    var migrations: String?
    /// The folder of policies; `nil` when there is none here.
    var policies: String?
    /// How policies are compared.
    var policyOptions = PolicyOptions(toolVersion: WheelsDB.version)
    /// Where backups go; `nil` when nothing says.
    var repository: String?
    /// The variables of the process, which a store's credentials come from.
    var variables: [String: String] = [:]
    /// The most recent work that may be lost.
    var recoveryPoint: Duration?
    var probes: [Probe] = []
    /// Probes whose variable is not set, with that variable.
    var unsetProbes: [(name: String, variable: String)] = []

    /// Looks.
    func report() async -> HealthReport {
        async let database = databaseServices()
        async let backups = measured("backups") { try await self.backups() }
        async let others = probed()
        let services = await database + [await backups] + (await others)
        return HealthReport(timestamp: .now, services: services, version: WheelsDB.version)
    }

    // MARK: - Database

    private func databaseServices() async -> [ServiceHealth] {
        let begin = ContinuousClock.now
        do {
            let use = try await Deadline.run(within: limit) { [settings] in
                try await Self.connections(settings)
            }
            let database = ServiceHealth.database(latency: use.latency)
            let connections = ServiceHealth.connections(use.connections).taking(.now - begin)
            return [
                database, connections,
                DatabaseFill(bytes: use.connections.databaseSize, plan: databasePlan?.bytes).health,
                await measured("migrations") { try await self.migrationHealth() },
                await measured("policies") { try await self.policyHealth() },
            ]
        } catch {
            let (state, problem) = Self.problem(of: error)
            let unknown = ["connections", "size", "migrations", "policies"].map { ServiceHealth($0, "unknown") }
            return [ServiceHealth.databaseUnreachable(problem, state: state).taking(.now - begin)] + unknown
        }
    }

    private static func connections(
        _ settings: ConnectionSettings
    ) async throws -> (latency: Duration, connections: ConnectionUse) {
        let session = try await Session.connect(to: settings, applicationName: "wheels-db/health")
        do {
            let begin = ContinuousClock.now
            _ = try await session.query("select 1")
            let latency = ContinuousClock.now - begin
            let connections = try await ConnectionUse.count(in: session)
            await session.close()
            return (latency, connections)
        } catch {
            await session.close()
            throw error
        }
    }

    private func migrationHealth() async throws -> ServiceHealth {
        guard let migrations else { return ServiceHealth("migrations", "not checked") }
        var options = MigrationOptions(toolVersion: WheelsDB.version)
        options.applicationName = "wheels-db/health"
        let runner = MigrationRunner(settings: settings, options: options)
        let plan = try await Deadline.run(within: limit) {
            try await runner.plan(try MigrationFolder.read(migrations))
        }
        return .migrations(pending: plan.steps.count, problems: plan.obstacles.map(\.message))
    }

    private func policyHealth() async throws -> ServiceHealth {
        guard let policies else { return ServiceHealth("policies", "not checked") }
        var options = policyOptions
        options.applicationName = "wheels-db/health"
        let applier = PolicyApplier(settings: settings, options: options)
        let plan = try await Deadline.run(within: limit) { try await applier.plan(try PolicyFolder.read(policies)) }
        let wrong = plan.relations.filter { relation in
            !relation.changes.isEmpty || relation.findings.contains { $0.severity == .error }
        }
        return .policies(differing: wrong.map(\.relation.description))
    }

    // MARK: - Others

    private func backups() async throws -> ServiceHealth {
        guard let repository else { return ServiceHealth("backups", "not configured") }
        // A repository may lie on a server that is gone: reading then blocks, and cannot be cancelled.
        let newest = try await Deadline.runBlocking(within: limit) {
            try Repository.openWithoutMarker(in: BlobStores.open(location: repository, environment: variables))
                .backups().last
        }
        let style = Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted)
        let date = try newest.map { try style.parse(String($0.second)) }
        return .backups(newest: date, point: recoveryPoint, now: .now)
    }

    private func probed() async -> [ServiceHealth] {
        let unset = unsetProbes.map { probe in
            ServiceHealth(probe.name, "unknown", problem: "its variable \(probe.variable) is not set.")
        }
        let asked = await withTaskGroup(of: (Int, ServiceHealth).self) { group in
            for (index, probe) in probes.enumerated() { group.addTask { (index, await probe.run()) } }
            var answers: [(Int, ServiceHealth)] = []
            for await answer in group { answers.append(answer) }
            return answers.sorted { $0.0 < $1.0 }.map(\.1)
        }
        return (asked + unset).sorted { $0.name < $1.name }
    }

    private func measured(_ name: String, _ look: @Sendable () async throws -> ServiceHealth) async -> ServiceHealth {
        let begin = ContinuousClock.now
        do {
            return try await look().taking(.now - begin)
        } catch {
            let (state, problem) = Self.problem(of: error)
            return ServiceHealth(name, state, problem: problem).taking(.now - begin)
        }
    }

    /// The state and the sentence of an error; neither shows where the database is, for `/health` may be public.
    private static func problem(of error: any Error) -> (state: String, problem: String) {
        switch error {
        case let error as DeadlineExceeded:
            return ("no answer", "No answer within \(HumanUnits.duration(error.limit)).")
        case let error as PostgresError:
            let state =
                switch error.failureClass {
                case .noConnectionSlot: "no free slot"
                case .permission: "refused"
                default: error.endsSession ? "unreachable" : "unknown"
                }
            let line = error.message.prefix { !$0.isNewline }
            // libpq says the address first: `at "10.0.0.1", port 5432 failed: Connection refused`.
            let reason = line.firstRange(of: "failed: ").map { line[$0.upperBound...] } ?? line
            return (state, reason + (error.sqlState.map { " (SQLSTATE \($0))." } ?? "."))
        case let error as any ExplainedError:
            return ("unknown", error.summary)
        default:
            return ("unknown", "It could not be looked at.")
        }
    }
}

extension HealthGathering {
    /// What was found, as tests that can be stored.
    func tests() async -> [HealthTest] {
        await report().services.map { service in
            HealthTest(
                name: service.name, state: service.state, problem: service.problem, duration: service.duration)
        }
    }
}
