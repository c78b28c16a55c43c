/// The edit that `supabase db dump` makes to what pg_dump and pg_dumpall print, line by line.
///
/// It takes out what a project's `postgres` may not do and what a fresh project has already. The lines it comments out
/// are gone here, as the CLI removes comments afterwards.
enum StockFilter {
    /// The schemas that `schema.sql` leaves out, as pg_dump's pattern.
    static let outOfSchema = pattern(platform + platformWithRows)
    /// The schemas whose rows `data.sql` leaves out.
    static let outOfData = pattern(platform)

    private static let platform = [
        "_analytics", "_realtime", "_supavisor", "etl", "extensions", "pgbouncer", "realtime", "supabase_migrations",
        "graphql", "graphql_public", "pgsodium", "pgsodium_masks", "pgtle", "repack", "tiger", "tiger_data", "topology",
        "vault",
    ]

    /// The platform's schemas whose rows belong to the project.
    private static let platformWithRows = [
        "auth", "storage", "supabase_functions", "cron", "net", "pgmq", "dbdev",
    ]

    private static func pattern(_ schemas: [String]) -> String {
        (["information_schema", "pg_*"] + schemas).joined(separator: "|")
    }

    /// `schema.sql`, `history_schema.sql`.
    static func schema(_ dump: String) -> String {
        edited(dump) { line in
            if gone.contains(where: { line.hasPrefix($0) }) || concernsPlatform(line) { return nil }
            for (plain, tolerant) in tolerances where line.hasPrefix(plain) {
                return tolerant + line.dropFirst(plain.count)
            }
            return String(line)
        }
    }

    /// `roles.sql`.
    static func roles(_ dump: String) -> String {
        edited(dump) { line in
            // Only the embedded server has this grant: it stands for an extension of the platform.
            if line.hasPrefix("--") || line.hasPrefix("\\") || line.hasPrefix("GRANT SET ON PARAMETER ") { return nil }
            if line.hasPrefix("GRANT "), let end = line.firstRange(of: " TO \"") {
                return isReserved(line[end.upperBound...]) ? nil : String(line)
            }
            for verb in ["CREATE ROLE \"", "ALTER ROLE \""] where line.hasPrefix(verb) {
                guard isReserved(line.dropFirst(verb.count)) else { break }
                guard allowedSettings.contains(where: { line.contains(" SET \"\($0)") }) else { return nil }
            }
            return String(line).replacing(" NOSUPERUSER", with: "").replacing(" NOREPLICATION", with: "")
        }
    }

    private static func edited(_ dump: String, _ edit: (Substring) -> String?) -> String {
        dump.split(separator: "\n", omittingEmptySubsequences: false).compactMap(edit).joined(separator: "\n")
            + "\nRESET ALL;\n"
    }

    /// What is made only where it is not there.
    private static let tolerances = [
        ("CREATE SCHEMA \"", "CREATE SCHEMA IF NOT EXISTS \""),
        ("CREATE TABLE \"", "CREATE TABLE IF NOT EXISTS \""),
        ("CREATE SEQUENCE \"", "CREATE SEQUENCE IF NOT EXISTS \""),
        ("CREATE VIEW \"", "CREATE OR REPLACE VIEW \""),
        ("CREATE FUNCTION \"", "CREATE OR REPLACE FUNCTION \""),
        ("CREATE TRIGGER \"", "CREATE OR REPLACE TRIGGER \""),
    ]

    /// What is not in the file: comments of the dump, psql's commands, and what needs another role.
    private static let gone = [
        "--", "\\restrict ", "\\unrestrict ", "CREATE PUBLICATION \"supabase_realtime",
        "ALTER PUBLICATION \"supabase_realtime_", "CREATE EVENT TRIGGER ", "ALTER EVENT TRIGGER ",
        "         WHEN TAG IN ", "   EXECUTE FUNCTION ", "ALTER DEFAULT PRIVILEGES FOR ROLE \"supabase_admin\"",
        "COMMENT ON EXTENSION ", "SET transaction_timeout = 0;",
    ]

    /// Whether a grant is one on the platform's own schemas.
    private static func concernsPlatform(_ line: Substring) -> Bool {
        guard line.hasPrefix("GRANT ") || line.hasPrefix("REVOKE "), let object = line.firstRange(of: " ON ") else {
            return false
        }
        let rest = line[object.upperBound...]
        return (platform + platformWithRows).contains { rest.contains(" \"\($0)\"") }
    }

    /// What may be set for the platform's roles.
    private static let allowedSettings = [
        "pgaudit.", "pgrst.", "session_replication_role\"", "statement_timeout\"", "track_io_timing\"",
    ]

    /// Whether a role, whose name ends with the next quote, is the platform's.
    private static func isReserved(_ rest: Substring) -> Bool {
        let name = rest.prefix { $0 != "\"" }
        let reserved: Set<Substring> = [
            "anon", "authenticated", "authenticator", "dashboard_user", "pgbouncer", "postgres", "service_role",
            "pgsodium_keyholder", "pgsodium_keyiduser", "pgsodium_keymaker", "pgtle_admin",
        ]
        return reserved.contains(name) || name.hasPrefix("supabase_") || name.hasPrefix("cli_login_")
    }
}
