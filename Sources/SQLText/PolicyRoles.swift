/// Reads from `CREATE POLICY` for whom it is.
public enum PolicyRoles: Sendable {
    /// The roles that policies name, as the catalog stores them; `PUBLIC` and `current_user` are no names.
    ///
    /// - Parameter statements: One statement each; what is no `CREATE POLICY` names nobody.
    /// - Returns: Each role once.
    /// - Throws: ``SQLSyntaxError`` when a statement does not parse.
    public static func named(in statements: [String]) throws(SQLSyntaxError) -> Set<String> {
        var names: Set<String> = []
        for statement in statements {
            let json = try SQLMeaning.parsed(statement) { body throws(Grammar.Failure) in try Grammar.parseTree(body) }
            let tree = ParseTree(json: json, depth: 24)
            for role in tree["stmts"].items.first?["stmt"]["CreatePolicyStmt"]["roles"].items ?? [] {
                let specification = role["RoleSpec"]
                guard specification["roletype"].string == "ROLESPEC_CSTRING" else { continue }
                if let name = specification["rolename"].string { names.insert(name) }
            }
        }
        return names
    }
}
