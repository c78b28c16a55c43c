import ArgumentParser
import Diagnostics
import Foundation
import ProjectHealth

/// One look at the project.
struct Health: WheelsCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "One look at database, connections, migrations, policies, backups and other services.",
        discussion: HelpText.discussion(
            """
            Ends with 0 when all is healthy, 2 when something is degraded, 14 when the database does not answer. With
            --serve it answers /health and /api/health (200 or 503) and /metrics (for Prometheus) until it is stopped.
            """,
            examples: "wheels-db health --env production --json", "wheels-db health --serve 9188",
            "wheels-db health --serve 0.0.0.0:9188 --cache 15s"
        )
    )
    static let words = "health"
    @Option(help: ArgumentHelp("Serve over HTTP; a port alone is of this machine only.", valueName: "port|host:port"))
    var serve: String?
    @Option(
        help: ArgumentHelp("How long a report answers requests of --serve.", valueName: "time"),
        transform: Self.duration)
    var cache = Duration.seconds(5)
    @Option(
        help: ArgumentHelp("The time that each service has to be looked at.", valueName: "time"),
        transform: Self.duration)
    var limit = Duration.seconds(5)
    @OptionGroup var sources: HealthSources
    @OptionGroup var global: GlobalOptions

    private static func duration(_ text: String) throws -> Duration {
        guard let duration = DurationText.parse(text), duration > .zero else {
            throw ValidationError("Write a number and s, m or h, such as 5s.")
        }
        return duration
    }

    func run(in context: CommandContext) async throws {
        var gathering = try sources.gathering(in: context)
        gathering.limit = limit
        if let serve { return try await self.serve(serve, gathering, in: context) }
        let report = await gathering.report()
        try context.report.result(report, text: HealthText.text(of: report))
        guard report.status == .degraded else { return }
        let hasDatabase = report.services.contains { $0.name == "database" && $0.isHealthy }
        throw ExitCode((hasDatabase ? ExitStatus.findings : .unreachable).rawValue)
    }

    private func serve(_ text: String, _ gathering: HealthGathering, in context: CommandContext) async throws {
        guard let address = ServerAddress(text) else {
            throw CommandError("usage", "--serve takes a port or host:port, such as 9188 or 0.0.0.0:9188.")
        }
        var options = ServerOptions()
        options.cacheTime = cache
        let server = HealthServer(address: address, options: options) { await gathering.report() }
        try await server.run { place in
            context.report.note("Serving http://\(place)/health, /api/health and /metrics.")
        }
        context.report.note("Stopped.")
    }
}

/// Where a look at the project finds what it looks at.
struct HealthSources: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("The folder of the migrations; not looked at when there is none.", valueName: "dir"))
    var migrations: String?
    @Option(help: ArgumentHelp("The folder of the policy files; not looked at when there is none.", valueName: "dir"))
    var policies: String?
    @Option(help: ArgumentHelp("The backup repository. Also WHEELS_REPOSITORY.", valueName: "dir"))
    var repository: String?

    init() {}

    /// The sources of a command that has options of its own for them.
    init(migrations: String?, policies: String?, repository: String?) {
        self.migrations = migrations
        self.policies = policies
        self.repository = repository
    }

    /// What to look at, from options, variables and the configuration.
    ///
    /// - Throws: ``CommandError`` when no database can be decided on.
    func gathering(in context: CommandContext) throws -> HealthGathering {
        let target = try context.target(for: .reads, localServer: context.localSettings)
        return try gathering(target, in: context)
    }

    /// What to look at beside a database that is decided on already.
    func gathering(_ target: DatabaseTarget, in context: CommandContext) throws -> HealthGathering {
        var gathering = try context.healthGathering(
            of: target, migrations: migrations ?? "migrations", policies: policies ?? "policies",
            repository: repository)
        // A folder that nobody named need not be there: a service carries neither.
        let files = FileManager.default
        if migrations == nil, !files.fileExists(atPath: gathering.migrations ?? "") { gathering.migrations = nil }
        if policies == nil, !files.fileExists(atPath: gathering.policies ?? "") { gathering.policies = nil }
        return gathering
    }
}

extension CommandContext {
    /// What a look at a project looks at, from options, variables and the configuration.
    ///
    /// - Parameters:
    ///   - target: The database.
    ///   - migrations: The folder of migrations.
    ///   - policies: The folder of policies.
    ///   - repository: Where backups go; `nil` takes it from `WHEELS_REPOSITORY` or the configuration.
    /// - Returns: A look that has not been taken yet.
    /// - Throws: ``CommandError`` for a configuration that cannot be read.
    func healthGathering(
        of target: DatabaseTarget,
        migrations: String,
        policies: String,
        repository: String?
    ) throws -> HealthGathering {
        let configuration = try configuration()
        let place = repository ?? environment["WHEELS_REPOSITORY"] ?? configuration?.repository
        var gathering = HealthGathering(settings: settings(of: target))
        gathering.variables = environment.variables
        gathering.databasePlan = try databasePlan(of: target)
        gathering.migrations = environment.absolutePath(migrations)
        gathering.policies = environment.absolutePath(policies)
        gathering.policyOptions = try policyOptions(prunes: false)
        gathering.repository = place.map { $0.contains("://") ? $0 : environment.absolutePath($0) }
        gathering.recoveryPoint = configuration?.recovery.point
        for (name, probe) in (configuration?.probes ?? [:]).sorted(by: { $0.key < $1.key }) {
            if let url = environment[probe.urlFrom] {
                gathering.probes.append(Probe(name: name, url: url, timeout: probe.timeout))
            } else {
                gathering.unsetProbes.append((name: name, variable: probe.urlFrom))
            }
        }
        return gathering
    }
}

/// A report as people read it.
enum HealthText {
    static func text(of report: HealthReport) -> String {
        var table = TextTable(.text("service"), .text("state"), .number("time"), .text("problem"))
        for service in report.services {
            table.add(service.name, service.state, HumanUnits.duration(service.duration), service.problem ?? "")
        }
        return table.text + report.status.rawValue
    }
}
