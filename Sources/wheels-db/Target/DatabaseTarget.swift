import PostgresClient

/// The database a run works on: where its URL came from, and what the configuration knows about it.
struct DatabaseTarget: Sendable, Equatable {
    /// Where the choice came from, in order of precedence.
    enum Origin: String, Sendable, Equatable {
        case databaseURLOption = "--database-url"
        case environmentOption = "--env"
        case environmentVariable = "WHEELS_ENV"
        case databaseURLVariable = "DATABASE_URL"
        case localServer = "the local server"
    }

    let origin: Origin
    /// The environment of the configuration, `local`, or `nil` for a database that the configuration does not know.
    let environmentName: String?
    let settings: ConnectionSettings
    /// The ref in the URL, else the one in the configuration.
    let ref: String?
    let isProtected: Bool
    /// Whether the configuration, or the local server, vouches for it.
    let isKnown: Bool

    /// Whether every server that the settings can lead to is on this machine.
    ///
    /// A `hostaddr` beside the host is where libpq really connects; a `service` file can name any host.
    var isLoopback: Bool {
        if settings.keywords["host"] == nil, settings.keywords["service"] != nil { return false }
        guard let address = settings.keywords["hostaddr"] else { return settings.isLoopback }
        let atAddress = ConnectionSettings(keywords: ["host": address])
        return settings.isLoopback && atAddress.isLoopback
    }

    /// The word that stands for this database when a person has to type it.
    var confirmationWord: String { ref ?? settings.database ?? environmentName ?? "?" }

    /// The first line of every run: environment, project ref, host, database, role.
    var banner: String {
        let place =
            settings.host.map { $0.hasPrefix("/") ? "socket \($0)" : "\($0):\(settings.port)" } ?? "local socket"
        var parts = ["environment \(environmentName ?? "none")\(isProtected ? " (protected)" : "")"]
        parts.append("ref \(ref ?? "none")")
        parts.append("host \(place)")
        parts.append("database \(settings.database ?? "?")")
        parts.append("role \(settings.user ?? "?")")
        return parts.joined(separator: " · ")
    }
}

/// What a command does to its database.
enum DatabaseEffect: Sendable, Equatable {
    /// Reads, and may guess the local server.
    case reads
    /// Reads everything for a copy; must not copy the wrong database.
    case backsUp
    /// Changes it.
    case writes
}
