import ArgumentParser
import Diagnostics
import FoundationEssentials
import PoolChecks
import PostgresClient

extension Pool {
    /// Says who holds the connections.
    struct Check: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Count connections and show who holds them; ends with 53 when no slot is free.",
            discussion: HelpText.discussion(
                """
                Ends with 0 when nothing is wrong, 2 with findings, 53 without a free slot. A full server is looked into by \
                --admin-url where given, else by a replication connection, which has a slot of its own kind: the role needs \
                the attribute REPLICATION, as Supabase's postgres has. Where no way leads in, the last snapshot is shown.
                With --nagios the exit code is that of monitoring plugins: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.
                The two other URLs can also stand in WHEELS_ADMIN_DATABASE_URL and WHEELS_PGBOUNCER_URL. Connecting is \
                tried again only with --wait-timeout.
                """,
                examples: "wheels-db pool check --env production", "wheels-db pool check --nagios --warn-at 70",
                "wheels-db pool check --json --wait-timeout 30s"
            )
        )
        static let words = "pool check"

        @Option(help: ArgumentHelp("A role that has a slot when others have none.", valueName: "url"))
        var adminURL: String?
        @Option(help: ArgumentHelp("The pooler's console: the database pgbouncer.", valueName: "url"))
        var pgbouncerURL: String?
        @Option(help: ArgumentHelp("Warn when more than this part of the slots is taken.", valueName: "percent"))
        var warnAt = 80
        @Option(
            help: ArgumentHelp("How long a transaction may do nothing. Default: 60s.", valueName: "time"),
            transform: duration)
        var idleInTransactionAfter: Duration?
        @Option(
            help: ArgumentHelp("How long a session may wait for another. Default: 10s.", valueName: "time"),
            transform: duration)
        var blockedAfter: Duration?
        @Option(
            help: ArgumentHelp("How long a connection may be idle. Default: 30m.", valueName: "time"),
            transform: duration)
        var idleAfter: Duration?
        @Flag(help: "Print one line for Nagios, with its exit codes.") var nagios = false
        @Flag(help: "Print metrics under the names of postgres_exporter.") var prometheus = false
        @OptionGroup var global: GlobalOptions

        static func duration(_ text: String) throws -> Duration {
            guard let duration = DurationText.parse(text) else {
                throw ValidationError("Write a number and s, m or h, such as 30s.")
            }
            return duration
        }

        func validate() throws {
            if [nagios, prometheus, global.json].count(where: \.self) > 1 {
                throw ValidationError("--nagios, --prometheus and --json exclude each other.")
            }
            if !(1...100).contains(warnAt) { throw ValidationError("--warn-at takes a percentage from 1 to 100.") }
        }

        func run(in context: CommandContext) async throws {
            guard nagios else { return try await check(in: context) }
            do { try await check(in: context) } catch let error as any ExplainedError {
                guard error.failureClass != .interrupted else { throw error }
                let line = NagiosLine(error)
                try context.report.data(line.text)
                throw ExitCode(line.status.rawValue)
            }
        }

        private func check(in context: CommandContext) async throws {
            let target = try context.target(for: .reads, localServer: context.localSettings)
            let settings = context.settings(of: target)
            let memory = LastSnapshot(
                host: settings.host, port: settings.port, in: "\(context.environment.stateDirectory)/pool-check")
            var check = PoolCheck(try await observer(settings, in: context).observe())
            check.thresholds = thresholds
            check.budget = try context.configuration().flatMap { $0.services.isEmpty ? nil : PoolBudget($0) }
            let last = check.observation.snapshot == nil ? memory.read() : nil
            if let snapshot = check.observation.snapshot {
                do { try memory.write(snapshot) } catch { context.report.detail("\(memory.path) cannot be written.") }
            }
            try show(check, last: last, in: context)
        }

        private func observer(_ settings: ConnectionSettings, in context: CommandContext) throws -> PoolObserver {
            var observer = PoolObserver(settings)
            observer.retry = RetryPolicy(limit: global.waitTimeout ?? .zero)
            observer.admin = try other(adminURL, "WHEELS_ADMIN_DATABASE_URL", "--admin-url", in: context)
            observer.console = try other(pgbouncerURL, "WHEELS_PGBOUNCER_URL", "--pgbouncer-url", in: context)
                .map { $0.keywords["dbname"] == nil ? $0.setting("dbname", to: PoolerStatus.console) : $0 }
            return observer
        }

        /// Another URL, under the same rule about plain text.
        private func other(
            _ option: String?,
            _ variable: String,
            _ name: String,
            in context: CommandContext
        ) throws(CommandError) -> ConnectionSettings? {
            guard let text = option ?? context.environment[variable] else { return nil }
            do {
                let settings = try ConnectionSettings(text)
                let target = DatabaseTarget(
                    origin: .databaseURLOption, environmentName: nil, settings: settings, ref: nil, isProtected: false,
                    isKnown: true)
                return context.settings(of: target)
            } catch {
                throw CommandError(
                    "target.unreadable-url",
                    "\(option == nil ? variable : name) holds no connection string. \(error.summary)")
            }
        }

        private var thresholds: PoolThresholds {
            var thresholds = PoolThresholds()
            thresholds.share = Double(warnAt) / 100
            thresholds.idleInTransaction = idleInTransactionAfter ?? thresholds.idleInTransaction
            thresholds.blocked = blockedAfter ?? thresholds.blocked
            thresholds.idle = idleAfter ?? thresholds.idle
            return thresholds
        }

        private func show(_ check: PoolCheck, last: ConnectionSnapshot?, in context: CommandContext) throws {
            let findings = check.findings
            if nagios {
                let line = NagiosLine(check, last: last)
                try context.report.data(line.text)
                if line.status != .ok { throw ExitCode(line.status.rawValue) }
                return
            }
            if prometheus {
                try context.report.data(PoolMetrics(check.observation.snapshot, pooler: check.observation.pooler).text)
            } else {
                let now = Date().timeIntervalSince1970
                let document = PoolCheckDocument(check, last: last, now: now)
                try context.report.result(document, text: PoolCheckText(check, last: last, now: now).text)
            }
            context.report.findings(findings)
            if check.observation.isFull { throw ExitCode(ExitStatus.noConnectionSlot.rawValue) }
            if findings.contains(where: { $0.severity > .note }) { throw ExitCode(ExitStatus.findings.rawValue) }
        }
    }
}
