/// Where and as whom to connect: libpq's keywords, and what can be read from them.
///
/// See PostgreSQL 15 manual, section 34.1.2 "Parameter Key Words". The password is in ``password``, ``url`` and
/// ``environment`` only; ``description`` and errors never show it.
public struct ConnectionSettings: Sendable, Hashable, CustomStringConvertible {
    /// libpq's keywords with their values, such as `host` and `sslmode`.
    public private(set) var keywords: [String: String]

    /// Settings from a URL (`postgresql://user:password@host:port/database?sslmode=require`) or from keywords
    /// (`host=… dbname=…`).
    ///
    /// - Parameter urlOrKeywords: The connection string as libpq reads it.
    /// - Throws: ``PostgresError`` of kind `invalidInput` when libpq cannot read it; the string itself is not repeated
    ///   in the message, for it may hold a password.
    public init(_ urlOrKeywords: String) throws(PostgresError) {
        keywords = try ConnectionString.parse(urlOrKeywords)
    }

    /// Settings by libpq's keywords.
    ///
    /// - Parameter keywords: Keyword to value, such as `["host": "127.0.0.1", "port": "5432"]`.
    public init(keywords: [String: String]) {
        self.keywords = keywords
    }

    /// Settings from the `PG*` variables that libpq knows.
    ///
    /// - Parameter environment: The process environment.
    /// - Returns: Settings with what the variables say.
    public static func fromEnvironment(_ environment: [String: String]) -> ConnectionSettings {
        var keywords: [String: String] = [:]
        for (keyword, variable) in environmentNames {
            if let value = environment[variable], !value.isEmpty { keywords[keyword] = value }
        }
        return ConnectionSettings(keywords: keywords)
    }

    /// The same settings with one keyword changed.
    ///
    /// - Parameters:
    ///   - keyword: libpq's keyword.
    ///   - value: The new value.
    /// - Returns: The changed copy.
    public func setting(_ keyword: String, to value: String) -> ConnectionSettings {
        var copy = self
        copy.keywords[keyword] = value
        return copy
    }

    /// The same settings with keywords that are filled in only where nothing is set.
    ///
    /// - Parameter defaults: Keyword to value.
    /// - Returns: The filled copy.
    public func filling(_ defaults: [String: String]) -> ConnectionSettings {
        ConnectionSettings(keywords: keywords.merging(defaults) { own, _ in own })
    }

    /// The host name, address or directory of the Unix socket.
    public var host: String? { keywords["host"] ?? keywords["hostaddr"] }
    /// The port; 5432 where none is set.
    public var port: Int { keywords["port"].flatMap(Int.init) ?? 5432 }
    /// The role.
    public var user: String? { keywords["user"] }
    /// The database.
    public var database: String? { keywords["dbname"] ?? user }
    /// The password.
    public var password: String? { keywords["password"] }

    /// Whether the server is on this machine: a Unix socket, `localhost` or a loopback address.
    public var isLoopback: Bool {
        // An address decides where a connection goes; the name beside it is then for certificates only.
        guard let host = keywords["hostaddr"] ?? keywords["host"] else { return true }
        return host.split(separator: ",").allSatisfy { name in
            name.hasPrefix("/") || name.hasPrefix("@") || name == "localhost" || name == "::1"
                || isLoopbackAddress(name)
        }
    }

    /// An address of 127.0.0.0/8, and no name that begins like one.
    private func isLoopbackAddress(_ name: Substring) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// The Supabase project's ref: from `db.<ref>.supabase.co`, or from the pooler's user name `postgres.<ref>`.
    public var projectRef: String? {
        if let host {
            let labels = host.split(separator: ".")
            if labels.count == 4, labels[0] == "db", labels[2] == "supabase" { return String(labels[1]) }
        }
        guard host?.hasSuffix(".supabase.com") == true, let user, let dot = user.lastIndex(of: ".") else { return nil }
        return String(user[user.index(after: dot)...])
    }

    /// Host, port, database and role in one phrase, without the password.
    public var description: String {
        let place = host.map { $0.hasPrefix("/") ? "socket \($0), port \(port)" : "\($0):\(port)" } ?? "local socket"
        return "database \"\(database ?? "?")\" at \(place) as role \"\(user ?? "?")\""
    }

    /// The variables that give libpq programs such as `pg_dump` the same connection, password included.
    public var environment: [String: String] {
        var variables: [String: String] = [:]
        for (keyword, variable) in Self.environmentNames {
            if let value = keywords[keyword] { variables[variable] = value }
        }
        return variables
    }

    /// The connection as a URL, **password included**: for the environment of child processes, never for output.
    public var url: String { ConnectionString.url(of: keywords) }

    /// libpq's keywords that have an environment variable (manual, section 34.15).
    static let environmentNames: [(String, String)] = [
        ("host", "PGHOST"), ("hostaddr", "PGHOSTADDR"), ("port", "PGPORT"), ("dbname", "PGDATABASE"),
        ("user", "PGUSER"), ("password", "PGPASSWORD"), ("passfile", "PGPASSFILE"), ("sslmode", "PGSSLMODE"),
        ("sslrootcert", "PGSSLROOTCERT"), ("sslcert", "PGSSLCERT"), ("sslkey", "PGSSLKEY"), ("sslcrl", "PGSSLCRL"),
        ("ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION"), ("channel_binding", "PGCHANNELBINDING"),
        ("gssencmode", "PGGSSENCMODE"), ("connect_timeout", "PGCONNECT_TIMEOUT"), ("options", "PGOPTIONS"),
        ("application_name", "PGAPPNAME"), ("target_session_attrs", "PGTARGETSESSIONATTRS"),
    ]
}
