public import Diagnostics

/// Why lint or matrix could not look; never taken for "nothing found".
public struct AccessReadingError: ExplainedError {
    /// The stable name for scripts, such as `access.no-api-roles`.
    public let code: String
    /// What was not there, or not allowed.
    public let summary: String
    /// What to do next.
    public let remedy: Remedy?
    /// The kind of failure.
    public let failureClass: FailureClass

    static func noRoles(_ missing: [String]) -> AccessReadingError {
        AccessReadingError(
            code: "access.no-api-roles",
            summary:
                "The database has no role \(missing.joined(separator: ", ")): it is no Supabase project, so nothing"
                + " can be said about who reaches what.",
            remedy: Remedy(
                "Name the project's database; the embedded one starts with:", command: "wheels-db local start"),
            failureClass: .failure
        )
    }

    static func noSchemas(_ missing: [String]) -> AccessReadingError {
        AccessReadingError(
            code: "access.no-api-schema",
            summary:
                "The API schema \(missing.joined(separator: ", ")) does not exist: what the data API exposes was not"
                + " looked at.",
            remedy: Remedy(
                "Correct api_schemas in wheels-db.yml; it has to be what the project's API settings expose."),
            failureClass: .usage
        )
    }

    static func cannotBecome(_ role: String, reason: String) -> AccessReadingError {
        AccessReadingError(
            code: "access.cannot-set-role",
            summary: "The session cannot take on role \(role) (\(reason)): its cells were not looked at.",
            remedy: Remedy("Connect as role postgres, which is a member of anon, authenticated and service_role."),
            failureClass: .permission
        )
    }

    static func notProbed(_ relation: String, reason: String) -> AccessReadingError {
        AccessReadingError(
            code: "access.not-probed",
            summary: "\(relation) could not be looked at: \(reason)",
            remedy: Remedy("Another session holds a lock or the server is busy. Run the command again."),
            failureClass: .failure
        )
    }
}
