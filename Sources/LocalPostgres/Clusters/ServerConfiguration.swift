/// What the server is told to be: `wheels.conf` beside the `postgresql.conf` that `initdb` wrote, and `pg_hba.conf`.
struct ServerConfiguration: Sendable {
    let options: LocalServerOptions
    let port: Int
    let socketDirectory: String
    let preloadsStatistics: Bool

    static let fileName = "wheels.conf"

    /// The settings in the order they are written; later ones win.
    var settings: [(name: String, value: String)] {
        var all = [
            ("listen_addresses", "127.0.0.1"), ("port", String(port)), ("unix_socket_directories", socketDirectory),
            ("unix_socket_permissions", "0700"), ("password_encryption", "scram-sha-256"),
            ("max_connections", String(options.maxConnections)), ("superuser_reserved_connections", "3"),
            ("wal_level", "logical"), ("max_wal_senders", "5"), ("max_replication_slots", "5"),
            ("max_slot_wal_keep_size", "4GB"), ("jit", "off"), ("autovacuum", "on"),
            ("timezone", "UTC"), ("log_timezone", "UTC"), ("log_line_prefix", "%m [%p] %q%u@%d "),
            ("log_checkpoints", "off"), ("cluster_name", "wheels-db"),
        ]
        if preloadsStatistics { all.append(("shared_preload_libraries", "pg_stat_statements")) }
        if options.durability == .none {
            all += [("fsync", "off"), ("synchronous_commit", "off"), ("full_page_writes", "off")]
        }
        return all + options.settings.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The text of `wheels.conf`.
    var text: String {
        "# Written at each start.\n"
            + settings.map { "\($0.name) = '\($0.value.replacing("'", with: "''"))'\n" }.joined()
    }

    /// Who may connect how.
    ///
    /// The socket lies in a directory of mode 0700, so the file system already decides who reaches it, and roles without
    /// a password can be tried there: `trust`. The loopback port is open to every user of the machine: a password, which
    /// is generated for each cluster and kept in a file of mode 0600.
    static let hostBasedAuthentication = """
        local   all           all                   trust
        local   replication   all                   trust
        host    all           all   127.0.0.1/32    scram-sha-256
        host    replication   all   127.0.0.1/32    scram-sha-256

        """
}
