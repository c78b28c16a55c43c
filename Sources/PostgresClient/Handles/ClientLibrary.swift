import CPostgres

/// The libpq that runs.
public enum ClientLibrary: Sendable {
    /// Its version, such as `15.8`.
    ///
    /// The corresponding libpq function is `PQlibVersion`.
    public static var version: String {
        let number = PQlibVersion()
        return "\(number / 10_000).\(number % 10_000)"
    }
}
