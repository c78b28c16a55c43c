import CatalogInspection
import SQLText

/// Roles and their settings as SQL, for people who have to make a server again.
///
/// It follows the plain SQL of the schema, which is sealed as rows are: settings such as `app.jwt_secret` are secrets.
/// Every line is a comment, because roles belong to the whole server and most of them are there already.
struct RoleScript {
    /// The database that settings of a database are for.
    let database: String
    let roles: CatalogReading<RoleInfo>
    let memberships: CatalogReading<RoleMembership>
    let settings: CatalogReading<RoleSetting>

    /// The lines, each a comment.
    var text: String {
        let head = [
            "", "",
            "--",
            "-- Roles, memberships and settings, which belong to the server and stand in no dump of one database.",
            "-- Take the comment signs from what you need; passwords are not here.", "--",
        ]
        let lines =
            section("roles", roles, statement) + section("memberships", memberships, statement)
            + section("settings", settings, statement)
        return (head + lines.map { "-- \($0)" }).joined(separator: "\n") + "\n"
    }

    private func section<Item>(
        _ name: String,
        _ reading: CatalogReading<Item>,
        _ statement: (Item) -> String
    ) -> [String] {
        guard reading.state == .read else { return ["\(name): \(reading.state.rawValue). \(reading.reason ?? "")"] }
        return reading.items.flatMap { statement($0).split(separator: "\n", omittingEmptySubsequences: false) }
            .map(String.init)
    }

    private func statement(_ role: RoleInfo) -> String {
        let attributes = [
            (role.isSuperuser, "SUPERUSER"), (role.inherits, "INHERIT"), (role.mayCreateRoles, "CREATEROLE"),
            (role.mayCreateDatabases, "CREATEDB"), (role.mayLogIn, "LOGIN"), (role.mayReplicate, "REPLICATION"),
            (role.bypassesRowSecurity, "BYPASSRLS"),
        ]
        .map { $0.0 ? $0.1 : "NO\($0.1)" }.joined(separator: " ")
        let limit = role.connectionLimit >= 0 ? " CONNECTION LIMIT \(role.connectionLimit)" : ""
        let until = role.validUntil.map { " VALID UNTIL \(SQLQuoting.literal($0))" } ?? ""
        let name = SQLQuoting.identifier(role.name)
        let comment = role.comment.map { "\nCOMMENT ON ROLE \(name) IS \(SQLQuoting.literal($0));" } ?? ""
        return "CREATE ROLE \(name) \(attributes)\(limit)\(until);\(comment)"
    }

    private func statement(_ membership: RoleMembership) -> String {
        var options: [String] = membership.mayGrant ? ["ADMIN \(membership.inherits == nil ? "OPTION" : "TRUE")"] : []
        if let inherits = membership.inherits { options.append("INHERIT \(inherits ? "TRUE" : "FALSE")") }
        if let maySet = membership.maySet { options.append("SET \(maySet ? "TRUE" : "FALSE")") }
        let with = options.isEmpty ? "" : " WITH \(options.joined(separator: ", "))"
        return "GRANT \(SQLQuoting.identifier(membership.role)) TO \(SQLQuoting.identifier(membership.member))\(with);"
    }

    /// Lists of names are stored as SQL writes them; every other value is one text.
    private static let lists: Set = [
        "local_preload_libraries", "search_path", "session_preload_libraries", "shared_preload_libraries",
        "temp_tablespaces", "unix_socket_directories",
    ]

    private func statement(_ setting: RoleSetting) -> String {
        let subject =
            switch (setting.role, setting.isForThisDatabase) {
            case (let role?, false): "ROLE \(SQLQuoting.identifier(role))"
            case (let role?, true): "ROLE \(SQLQuoting.identifier(role)) IN DATABASE \(SQLQuoting.identifier(database))"
            case (nil, true): "DATABASE \(SQLQuoting.identifier(database))"
            case (nil, false): "ROLE ALL"
            }
        let value = setting.value ?? ""
        let isList = Self.lists.contains(setting.name.lowercased()) && !value.isEmpty
        let name = setting.name.split(separator: ".", omittingEmptySubsequences: false)
            .map { SQLQuoting.identifier(String($0)) }.joined(separator: ".")
        return "ALTER \(subject) SET \(name) TO \(isList ? value : SQLQuoting.literal(value));"
    }
}
