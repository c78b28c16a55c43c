import PostgresClient

/// What a variable's value says about the Supabase project it leads to.
struct ProjectValue: Sendable {
    /// The kind of value, for messages: `URL`, `connection string`, `key` or `ref`.
    let kind: String
    /// The ref it names, if it names one.
    let ref: String?
    let key: SupabaseKey?
    let connection: ConnectionSettings?

    /// Reads a value; `nil` when it is none of the kinds.
    init?(_ text: String) {
        if let connection = Self.connection(text) {
            self.init(kind: "connection string", ref: connection.projectRef, key: nil, connection: connection)
        } else if let url = PlainURL(text) {
            self.init(kind: "URL", ref: Self.ref(ofHost: url.host), key: nil, connection: nil)
        } else if let key = SupabaseKey(text) {
            self.init(kind: "key", ref: key.ref, key: key, connection: nil)
        } else if Self.isRef(text) {
            self.init(kind: "ref", ref: text, key: nil, connection: nil)
        } else {
            return nil
        }
    }

    private init(kind: String, ref: String?, key: SupabaseKey?, connection: ConnectionSettings?) {
        self.kind = kind
        self.ref = ref
        self.key = key
        self.connection = connection
    }

    /// The settings of a PostgreSQL connection string.
    ///
    /// SQLAlchemy's form, `postgresql+driver://`, counts as well.
    static func connection(_ text: String) -> ConnectionSettings? {
        guard let colon = text.firstRange(of: "://") else { return nil }
        let scheme = text[..<colon.lowerBound].split(separator: "+").first ?? ""
        guard ["postgres", "postgresql"].contains(scheme) else { return nil }
        return try? ConnectionSettings("postgresql" + text[colon.lowerBound...])
    }

    /// Whether a connection string leads to a pooler in transaction mode: Supabase's port for it, or the flag that
    /// Prisma wants there.
    static func isTransactionPooler(_ settings: ConnectionSettings, text: String) -> Bool {
        settings.port == 6_543 || text.contains("pgbouncer=true")
    }

    /// `<ref>.supabase.co`, and the hosts below it.
    private static func ref(ofHost host: String) -> String? {
        let labels = host.lowercased().split(separator: ".")
        guard labels.count >= 3, labels.suffix(2) == ["supabase", "co"] || labels.suffix(2) == ["supabase", "in"] else {
            return nil
        }
        return labels.dropLast(2).first { isRef(String($0)) }.map(String.init)
    }

    private static func isRef(_ text: String) -> Bool {
        text.utf8.count == 20 && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
    }
}

/// The parts of a URL that checks look at.
struct PlainURL: Sendable, Equatable {
    let scheme: String
    let host: String

    /// Reads `scheme://[user@]host[:port][/…]`; `nil` for anything else.
    init?(_ text: String) {
        guard !text.contains(where: \.isWhitespace), let separator = text.firstRange(of: "://") else { return nil }
        let scheme = text[..<separator.lowerBound]
        let isScheme = scheme.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
        guard scheme.first?.isLetter == true, isScheme else { return nil }
        let authority = text[separator.upperBound...].prefix { !"/?#".contains($0) }
        let place = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        let host = place.hasPrefix("[") ? place.dropFirst().prefix { $0 != "]" } : place.prefix { $0 != ":" }
        guard !host.isEmpty else { return nil }
        self.scheme = String(scheme)
        self.host = String(host)
    }

    /// Whether it leads to the machine that reads it.
    var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
}
