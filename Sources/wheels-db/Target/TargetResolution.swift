import Diagnostics
import PostgresClient

/// Decides which database a run works on, from values alone.
struct TargetResolution: Sendable {
    /// `--database-url`.
    var databaseURL: String?
    /// `--env`.
    var environmentName: String?
    var configuration: Configuration?
    var variables: [String: String] = [:]
    var isInteractive = false
    /// The settings of the local server, when one runs.
    var localServer: ConnectionSettings?

    /// The database to work on.
    ///
    /// - Parameter effect: What the command does to it.
    /// - Returns: The database, and what the configuration knows about it.
    /// - Throws: ``CommandError`` for an unknown environment, an unset variable, a contradiction, a missing target off
    ///   a terminal, and a ref that is not the configured one.
    func resolve(for effect: DatabaseEffect) throws(CommandError) -> DatabaseTarget {
        if let databaseURL = nonEmpty(databaseURL) {
            let settings = try parse(databaseURL, from: "--database-url")
            if let environmentName = nonEmpty(environmentName) {
                try refuseContradiction(environmentName, settings)
                return try named(environmentName, settings: settings, origin: .databaseURLOption)
            }
            return try target(of: settings, origin: .databaseURLOption)
        }
        if let environmentName = nonEmpty(environmentName) {
            return try environment(environmentName, origin: .environmentOption)
        }
        if let environmentName = nonEmpty(variables["WHEELS_ENV"]) {
            return try environment(environmentName, origin: .environmentVariable)
        }
        if let databaseURL = nonEmpty(variables["DATABASE_URL"]) {
            return try target(of: try parse(databaseURL, from: "DATABASE_URL"), origin: .databaseURLVariable)
        }
        guard effect == .reads || isInteractive else {
            throw CommandError(
                "target.missing",
                "No database is named, and this is no terminal: this command does not guess one.",
                remedy: Remedy("Name it with --env NAME, --database-url URL, WHEELS_ENV or DATABASE_URL.")
            )
        }
        return try local()
    }

    private func nonEmpty(_ text: String?) -> String? {
        text.flatMap { $0.isEmpty ? nil : $0 }
    }

    private func parse(_ url: String, from source: String) throws(CommandError) -> ConnectionSettings {
        do {
            let settings = try ConnectionSettings(url)
            return settings.filling(ConnectionSettings.fromEnvironment(variables).keywords)
        } catch {
            throw CommandError(
                "target.unreadable-url",
                "\(source) holds no connection string. \(error.summary)",
                remedy: Remedy(
                    "Its form is postgresql://ROLE:PASSWORD@HOST:PORT/DATABASE; escape @ and / in the password.")
            )
        }
    }
}

// MARK: - Named environments

extension TargetResolution {
    private func environment(_ name: String, origin: DatabaseTarget.Origin) throws(CommandError) -> DatabaseTarget {
        guard let settings = configuration?.environments[name] else {
            if name == "local" { return try local() }
            throw unknownEnvironment(name, origin: origin)
        }
        guard let url = nonEmpty(variables[settings.urlFrom]) else {
            throw CommandError(
                "target.variable-missing",
                "The environment \(name) takes its URL from \(settings.urlFrom), which is not set.",
                remedy: Remedy("Set \(settings.urlFrom) to the connection string of \(name).")
            )
        }
        return try named(name, settings: try parse(url, from: settings.urlFrom), origin: origin)
    }

    private func unknownEnvironment(_ name: String, origin: DatabaseTarget.Origin) -> CommandError {
        let known = (configuration?.environments.keys.sorted() ?? []) + ["local"]
        let nearest = NearestName.match(for: name, among: known)
        let file = configuration?.file
        let place = file.map { "\($0) has no environment \"\(name)\"" } ?? "There is no wheels-db.yml"
        return CommandError(
            "target.unknown-environment",
            "\(place), which \(origin.rawValue) names.",
            remedy: nearest.map { Remedy("Did you mean \"\($0)\"?") }
                ?? Remedy(
                    file == nil ? "Write one, or name it with --config." : "Known: \(known.joined(separator: ", ")).")
        )
    }

    private func named(
        _ name: String,
        settings: ConnectionSettings,
        origin: DatabaseTarget.Origin
    ) throws(CommandError) -> DatabaseTarget {
        let environment = configuration?.environments[name]
        if let expected = environment?.ref, let found = settings.projectRef, expected != found {
            throw CommandError(
                "target.ref-mismatch",
                "The environment \(name) is the project \(expected), and the URL leads to the project \(found).",
                remedy: Remedy("Correct \(environment?.urlFrom ?? "the URL"), or the ref in the configuration."),
                failureClass: .refused
            )
        }
        return DatabaseTarget(
            origin: origin,
            environmentName: name,
            settings: settings,
            ref: settings.projectRef ?? environment?.ref,
            isProtected: environment?.isProtected ?? false,
            isKnown: true
        )
    }

    private func refuseContradiction(_ name: String, _ settings: ConnectionSettings) throws(CommandError) {
        let contradiction = CommandError(
            "target.contradiction",
            "--env \(name) and --database-url name different databases.",
            remedy: Remedy("Leave one of them out.")
        )
        guard let environment = configuration?.environments[name] else {
            guard name == "local", let localServer, isSamePlace(localServer, settings) else {
                throw name == "local" ? contradiction : unknownEnvironment(name, origin: .environmentOption)
            }
            return
        }
        if let url = nonEmpty(variables[environment.urlFrom]) {
            guard isSamePlace(try parse(url, from: environment.urlFrom), settings) else { throw contradiction }
        } else {
            guard let ref = environment.ref, ref == settings.projectRef else { throw contradiction }
        }
    }

    private func isSamePlace(_ first: ConnectionSettings, _ second: ConnectionSettings) -> Bool {
        first.host == second.host && first.port == second.port && first.database == second.database
            && first.user == second.user && first.keywords["hostaddr"] == second.keywords["hostaddr"]
    }
}

// MARK: - Unnamed databases

extension TargetResolution {
    /// A database given by URL: the configuration may know it by its ref or its place.
    private func target(
        of settings: ConnectionSettings,
        origin: DatabaseTarget.Origin
    ) throws(CommandError) -> DatabaseTarget {
        let environments = (configuration?.environments ?? [:]).sorted { $0.key < $1.key }
        let matches = environments.filter { isEnvironment($0.value, at: settings) }
        // Where two environments share a database, the protected one counts.
        if let match = matches.first(where: \.value.isProtected) ?? matches.first {
            return try named(match.key, settings: settings, origin: origin)
        }
        let isLocal = localServer.map { isSameServer($0, settings) } ?? false
        return DatabaseTarget(
            origin: origin,
            environmentName: isLocal ? "local" : nil,
            settings: settings,
            ref: settings.projectRef,
            isProtected: false,
            isKnown: isLocal
        )
    }

    private func isEnvironment(_ environment: EnvironmentSettings, at settings: ConnectionSettings) -> Bool {
        if let ref = environment.ref, ref == settings.projectRef { return true }
        guard let url = nonEmpty(variables[environment.urlFrom]), let known = try? parse(url, from: "") else {
            return false
        }
        if let ref = known.projectRef { return ref == settings.projectRef }
        return known.database == settings.database && isSameServer(known, settings)
    }

    private func isSameServer(_ first: ConnectionSettings, _ second: ConnectionSettings) -> Bool {
        first.host == second.host && first.port == second.port
    }

    private func local() throws(CommandError) -> DatabaseTarget {
        guard let localServer else {
            throw CommandError(
                "target.no-local-server",
                "No database is named, and no local server runs.",
                remedy: Remedy(
                    "Start it, or name a database with --env or --database-url.", command: "wheels-db local start"),
                failureClass: .unreachable
            )
        }
        return DatabaseTarget(
            origin: .localServer,
            environmentName: "local",
            settings: localServer,
            ref: nil,
            isProtected: false,
            isKnown: true
        )
    }
}
