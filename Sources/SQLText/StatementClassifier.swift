/// Reads what kind a statement is from its parse tree.
///
/// See PostgreSQL 15 manual, part VI "SQL Commands": each command's notes say whether it runs in a transaction block.
enum StatementClassifier {
    /// Words that only data statements begin with: no parse tree is needed, however large their rows are.
    private static let dataWords: Set<String> = [
        "SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES", "TABLE", "WITH",
    ]

    /// Whether the first word alone does not tell the kind.
    static func needsParseTree(_ text: String) -> Bool {
        if text.utf8.first == UInt8(ascii: "(") { return false }
        let word = String(text.prefix { $0.isASCII && $0.isLetter }).uppercased()
        guard dataWords.contains(word) else { return true }
        // `SELECT set_config('search_path', '', false)` is how pg_dump sets the search path.
        return word == "SELECT" && text.utf8.count < 1_000 && text.lowercased().contains("set_config")
    }

    /// The kind of one statement.
    ///
    /// - Parameter json: The grammar's tree of a text with one statement.
    /// - Returns: The kind; `other` for what nothing depends on.
    static func kind(json: String) -> StatementKind {
        let tree = ParseTree(json: json, depth: 24)
        guard let node = tree["stmts"].items.first?["stmt"].node else { return .other(node: "") }
        let fields = node.fields
        if let command = outsideTransaction(node.type, fields) { return .outsideTransaction(command: command) }
        switch node.type {
        case "SelectStmt": return configured(fields).map { .setting($0) } ?? .data
        case "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt": return .data
        case "VariableSetStmt": return .setting(setting(fields))
        case "TransactionStmt": return .transactionControl(command: transactionCommand(fields))
        case "CopyStmt" where !fields["filename"].exists && !fields["is_program"].isTrue:
            return fields["is_from"].isTrue ? .copyFromClient : .copyToClient
        case "CreateStmt": return table(fields["relation"]) ?? .other(node: node.type)
        case "CreateTableAsStmt" where fields["objtype"].string == "OBJECT_TABLE":
            return table(fields["into"]["rel"]) ?? .other(node: node.type)
        default: return .other(node: node.type)
        }
    }

    private static func table(_ relation: ParseTree) -> StatementKind? {
        guard let name = relation["relname"].string, relation["relpersistence"].string != "t" else { return nil }
        return .createTable(schema: relation["schemaname"].string, name: name)
    }

    private static func setting(_ fields: ParseTree) -> SettingChange {
        let kind = fields["kind"].string ?? ""
        return SettingChange(
            name: fields["name"].string?.lowercased(),
            isLocal: fields["is_local"].isTrue,
            isReset: kind.hasPrefix("VAR_RESET") || kind == "VAR_SET_DEFAULT"
        )
    }

    /// The change that `SELECT set_config('name', value, is_local)` makes; the select must do nothing else.
    private static func configured(_ fields: ParseTree) -> SettingChange? {
        let targets = fields["targetList"].items
        guard targets.count == 1, !fields["fromClause"].exists else { return nil }
        let call = targets[0]["ResTarget"]["val"]["FuncCall"]
        guard call["funcname"].items.last?["String"]["sval"].string == "set_config" else { return nil }
        let arguments = call["args"].items
        guard arguments.count == 3, let name = arguments[0]["A_Const"]["sval"]["sval"].string else { return nil }
        return SettingChange(name: name.lowercased(), isLocal: arguments[2]["A_Const"]["boolval"]["boolval"].isTrue)
    }

    private static func transactionCommand(_ fields: ParseTree) -> String {
        (fields["kind"].string ?? "").replacing("TRANS_STMT_", with: "").replacing("_", with: " ")
    }
}

extension StatementClassifier {
    /// The command's name when the server refuses it inside a transaction block.
    private static func outsideTransaction(_ type: String, _ fields: ParseTree) -> String? {
        switch type {
        case "IndexStmt": fields["concurrent"].isTrue ? "CREATE INDEX CONCURRENTLY" : nil
        case "DropStmt": fields["concurrent"].isTrue ? "DROP INDEX CONCURRENTLY" : nil
        case "ReindexStmt": reindex(fields)
        case "VacuumStmt": fields["is_vacuumcmd"].isTrue ? "VACUUM" : nil
        case "ClusterStmt": fields["relation"].exists ? nil : "CLUSTER"
        case "CreatedbStmt": "CREATE DATABASE"
        case "DropdbStmt": "DROP DATABASE"
        case "AlterDatabaseStmt": option("tablespace", fields["options"]) == nil ? nil : "ALTER DATABASE SET TABLESPACE"
        case "CreateTableSpaceStmt": "CREATE TABLESPACE"
        case "DropTableSpaceStmt": "DROP TABLESPACE"
        case "AlterSystemStmt": "ALTER SYSTEM"
        case "DiscardStmt": fields["target"].string == "DISCARD_ALL" ? "DISCARD ALL" : nil
        case "CreateSubscriptionStmt": createsSlot(fields["options"]) ? "CREATE SUBSCRIPTION" : nil
        case "AlterTableStmt": detachesConcurrently(fields) ? "ALTER TABLE DETACH PARTITION CONCURRENTLY" : nil
        default: nil
        }
    }

    private static func reindex(_ fields: ParseTree) -> String? {
        if let value = option("concurrently", fields["params"]), value { return "REINDEX CONCURRENTLY" }
        switch fields["kind"].string {
        case "REINDEX_OBJECT_SCHEMA": return "REINDEX SCHEMA"
        case "REINDEX_OBJECT_SYSTEM": return "REINDEX SYSTEM"
        case "REINDEX_OBJECT_DATABASE": return "REINDEX DATABASE"
        default: return nil
        }
    }

    private static func createsSlot(_ options: ParseTree) -> Bool {
        option("connect", options) ?? true && option("create_slot", options) ?? true
    }

    private static func detachesConcurrently(_ fields: ParseTree) -> Bool {
        fields["cmds"].items.contains { $0["AlterTableCmd"]["def"]["PartitionCmd"]["concurrent"].isTrue }
    }

    /// The boolean value of an option; an option without a value is true.
    private static func option(_ name: String, _ options: ParseTree) -> Bool? {
        for option in options.items where option["DefElem"]["defname"].string == name {
            guard let value = option["DefElem"]["arg"].node?.fields else { return true }
            if let word = value["sval"].string ?? value["str"].string {
                return !["false", "off", "0"].contains(word.lowercased())
            }
            if case .number(let number) = value["ival"] { return number != 0 }
            return value["boolval"].exists
                ? value["boolval"].isTrue
                : !["Integer", "Boolean"].contains(
                    option["DefElem"]["arg"].node?.type ?? "")
        }
        return nil
    }
}
