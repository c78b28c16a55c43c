import Diagnostics
import PostgresTypes

/// Turns libpq's message about a failed connection into an error with SQLSTATE and remedy.
///
/// The message looks like `connection to server at "h" (addr), port 5432 failed: FATAL:  28P01: password …` when the
/// server answered, and is plain text of the operating system or of TLS when it did not.
enum ConnectFailure {
    static func error(libpqMessage: String) -> PostgresError {
        let lines = libpqMessage.split(separator: "\n").map(String.init)
        let told = lines.filter { !$0.hasPrefix("LOCATION:") && !$0.hasPrefix("\t") }
        let first = told.first ?? "no reason given"
        guard let answer = serverAnswer(in: libpqMessage) else {
            let reason = told.map { $0.trimmingPrefix("connection to server ") }.joined(separator: "; ")
            // libpq refuses such settings before it opens a socket: trying again cannot help.
            if first.hasPrefix("invalid ") || first.hasPrefix("could not match ") {
                return PostgresError(kind: .invalidInput, message: "The connection settings cannot be used: \(first)")
            }
            var error = PostgresError(kind: .cannotConnect, message: reason.isEmpty ? first : String(reason))
            if reason.contains("no password supplied") {
                error.sqlState = .invalidPassword
                error.advice = advice(for: .invalidPassword, message: reason)
                return error
            }
            error.advice = advice(operatingSystemMessage: libpqMessage)
            error.isPermanent = isAboutTLS(libpqMessage)
            return error
        }
        let state = meaning(of: answer.state, answer.message)
        var error = PostgresError(kind: .cannotConnect, message: answer.message, sqlState: state)
        error.advice = advice(for: state, message: answer.message)
        if isFull(answer.state, answer.message) {
            error = PostgresError(kind: .cannotConnect, message: answer.message, sqlState: .tooManyConnections)
            error.advice = .init(
                "Every slot the role may use is taken. Close idle clients, or stop a service; see who holds them"
                    + " with: select usename, application_name, state, count(*) from pg_stat_activity group by 1, 2, 3"
            )
        }
        return error
    }

    /// Certificates and modes that do not fit; not a connection that broke while TLS was spoken.
    private static func isAboutTLS(_ message: String) -> Bool {
        message.contains("certificate") || message.contains("SSL") && !message.contains("SYSCALL")
    }

    /// PgBouncer says 08P01, a broken protocol, for wrong passwords and unknown databases: trying again would not help.
    private static func meaning(of state: SQLState, _ message: String) -> SQLState {
        guard state.isConnectionFailure else { return state }
        if message.contains("authentication failed") || message.contains("no such user") { return .invalidPassword }
        return message.contains("no such database") ? .invalidCatalogName : state
    }

    /// The SQLSTATE and message of the server in a text of libpq in verbose form.
    static func serverAnswer(in message: String) -> (state: SQLState, message: String)? {
        guard let match = message.firstMatch(of: #/(?:FATAL|PANIC|ERROR|[A-Z]+):\s+([0-9A-Z]{5}):\s+(.*)/#) else {
            return nil
        }
        return (SQLState(String(match.1)), String(match.2))
    }

    /// 53300, or what Supabase's poolers say instead.
    private static func isFull(_ state: SQLState, _ message: String) -> Bool {
        state == .tooManyConnections || message.contains("MaxClientsInSessionMode")
            || message.contains("max clients reached") || message.contains("no more connections allowed")
    }

    private static func advice(for state: SQLState, message: String) -> Remedy? {
        if message.contains("Tenant or user not found") {
            return .init(
                "The pooler knows no such project: it is paused or deleted, the region in the host is another, or the"
                    + " user is not postgres.<project ref>. Open the project in the dashboard; if it says Paused, restore"
                    + " it there and try again."
            )
        }
        switch state {
        case .invalidPassword, .invalidAuthorization:
            return .init(
                "Check role and password in the connection URL; special characters in a password are percent-encoded."
            )
        case .invalidCatalogName:
            return .init("Check the database name at the end of the URL; on Supabase it is postgres.")
        case .cannotConnectNow:
            return .init("The server is starting, stopping or recovering. Wait a moment and try again.")
        default: return nil
        }
    }

    private static func advice(operatingSystemMessage message: String) -> Remedy? {
        let isSupabase = message.contains(".supabase.co")
        let noName = message.contains("could not translate host name")
        let noRoute = message.contains("Network is unreachable") || message.contains("Cannot assign requested address")
        if isSupabase, noRoute || noName && message.contains("Address family") {
            return .init(
                "The direct host db.<ref>.supabase.co has an IPv6 address only, and this machine has no IPv6 route."
                    + " Use the session pooler instead: postgresql://postgres.<ref>:…@aws-….pooler.supabase.com:5432/postgres"
                    + " (dashboard: Connect, Session pooler)."
            )
        }
        if isSupabase, noName {
            return .init(
                "A paused project has no DNS name. Open it in the dashboard; if it says Paused, restore it there. If it"
                    + " is running: the direct host has an IPv6 address only, so use the session pooler from IPv4 networks."
            )
        }
        if noName { return .init("Check the host name in the URL.") }
        if noRoute { return .init("This machine has no route to that address.") }
        if message.contains("Connection refused") || message.contains("No such file or directory") {
            return .init("Is the server running there? The embedded one starts with:", command: "wheels-db local start")
        }
        if isAboutTLS(message) {
            return .init(
                "With sslmode=verify-full give the project's CA certificate: sslrootcert=/path/to/prod-ca-2021.crt"
                    + " (dashboard: Database settings, SSL configuration)."
            )
        }
        return nil
    }
}
