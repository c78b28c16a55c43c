import CatalogInspection
import Diagnostics
import PostgresClient
import PostgresTypes

/// Looks at the databases of the configuration, or at the one that a person named.
struct DatabasesExamination: Sendable {
    let context: CommandContext
    /// Sessions that a backup opens beside its leader.
    let jobs: Int

    /// What was found, and the newest version among the servers that answered.
    struct Outcome: Sendable {
        var lines: [DoctorLine] = []
        var newestServer: Int?
    }

    func outcome() async -> Outcome {
        let configuration = try? context.configuration()
        var outcome = Outcome()
        var seen: [DatabaseSight] = []
        for name in names(in: configuration) {
            switch target(name, configuration) {
            case .failure(let line): outcome.lines.append(line)
            case .success(let target):
                let (sight, lines) = await look(at: target, configuration)
                outcome.lines += lines
                seen += sight.map { [$0] } ?? []
            }
        }
        if outcome.lines.isEmpty {
            outcome.lines.append(
                .skipped("database", "database", "No database is named: give --env, --database-url or DATABASE_URL."))
        }
        outcome.lines += Self.sameDatabases(seen)
        outcome.newestServer = seen.map(\.version.major).max()
        return outcome
    }

    /// The environments to look at; `nil` stands for what `DATABASE_URL` and the like name.
    private func names(in configuration: Configuration?) -> [String?] {
        if context.options.env != nil || context.options.databaseURL != nil { return [nil] }
        let all = configuration?.environments.keys.sorted() ?? []
        if !all.isEmpty { return all }
        return context.environment["DATABASE_URL"] == nil && context.localSettings == nil ? [] : [nil]
    }

    private enum Choice {
        case success(DatabaseTarget)
        case failure(DoctorLine)
    }

    private func target(_ name: String?, _ configuration: Configuration?) -> Choice {
        let resolution = TargetResolution(
            databaseURL: name == nil ? context.options.databaseURL : nil,
            environmentName: name ?? context.options.env,
            configuration: configuration,
            variables: context.environment.variables,
            localServer: context.localSettings
        )
        do { return .success(try resolution.resolve(for: .reads)) } catch {
            let subject = name ?? context.options.env ?? "database"
            // On a machine that serves one environment the variables of the others are not set.
            guard error.code == "target.variable-missing", name != nil else {
                return .failure(.problem("database.target", subject, error))
            }
            return .failure(
                .warning(
                    "database.target", subject, "\(error.summary) It is not looked at.", error.remedy?.description ?? ""
                ))
        }
    }

    private func look(
        at target: DatabaseTarget,
        _ configuration: Configuration?
    ) async -> (DatabaseSight?, [DoctorLine]) {
        let name = target.environmentName ?? target.settings.database ?? "database"
        // Plain text is a finding here, and no reason not to look.
        let settings = target.settings.filling(["connect_timeout": "10"])
        do {
            let sight = try await DatabaseSight.look(at: target, by: settings)
            let rules = DatabaseRules(
                sight: sight, jobs: jobs, margin: configuration?.connections.margin ?? 6,
                planSize: try context.databasePlan(of: target)?.bytes)
            return (sight, rules.lines)
        } catch {
            return (nil, [.problem("database.connect", name, error)])
        }
    }

    /// Environments that are one database: what is meant for staging would happen to production.
    static func sameDatabases(_ sights: [DatabaseSight]) -> [DoctorLine] {
        var lines: [DoctorLine] = []
        for (place, first) in sights.enumerated() {
            for second in sights[(place + 1)...] {
                guard let one = first.identity, let other = second.identity,
                    one.systemIdentifier == other.systemIdentifier, one.database == other.database,
                    let names = [first, second].map(\.target.environmentName) as? [String]
                else { continue }
                lines.append(
                    .problem(
                        "database.same", names.joined(separator: " and "),
                        "They are one and the same database, \(first.facts.name).",
                        "Give each environment its own project, and correct the variable of the wrong one."))
            }
        }
        return lines
    }
}
