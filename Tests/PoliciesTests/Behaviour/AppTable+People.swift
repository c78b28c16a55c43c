extension AppTable {
    /// Every table of the app, and the files of Storage: parents before what hangs on them.
    static let all = people + trips + money + assistant + community + shop + operation + storage

    /// Profiles, settings, administrators, subscriptions, sessions, the audit trail.
    static let people = [
        AppTable(
            "profiles",
            owner: "id",
            ["full_name": "'Somebody'", "medical_info": #"'{"allergies": "nuts"}'"#, "region": "'Victoria'"],
            rows: [Row("suspended", ["id": "'\(Person.suspended)'"], given: ["status": "'suspended'"])],
            change: "nickname = 'changed'"
        ),
        AppTable("user_settings", owner: "user_id", key: ["user_id"], change: "display_preferences = '{}'"),
        AppTable(
            "admin_users",
            owner: "user_id",
            ["email": "'{label}@example.org'"],
            hasRowOfEach: false,
            rows: [
                Row("a", of: .a, ["role": "'moderator'"]),
                Row("b", of: .b, ["role": "'admin'", "status": "'suspended'"]),
                Row("guest", of: .guest, ["role": "'admin'", "status": "'inactive'"]),
                Row("admin", of: .admin, ["role": "'admin'", "status": "'active'"]),
            ],
            change: "region = 'changed'"
        ),
        AppTable("user_subscriptions", owner: "user_id", ["plan_type": "'monthly'"], change: "plan_type = 'annual'"),
        AppTable(
            "user_active_sessions",
            owner: "user_id",
            ["session_id": "'session of {label}'"],
            change: "is_current = true"
        ),
        AppTable(
            "system_settings",
            ["setting_key": "'{label}'", "setting_value": "'1'"],
            hasRowOfEach: false,
            rows: [Row("limit")],
            change: "setting_value = '2'"
        ),
        AppTable("audit_logs", owner: "user_id", ["action": "'signed in'"], change: "action = 'changed'"),
    ]

    /// The rows of each table and view, and whose they are.
    static let relations: [String: [String: Person?]] = {
        var relations: [String: [String: Person?]] = [:]
        for table in all {
            let rows = table.rows.map { ($0.label, $0.owner) }
            relations[table.title] = Dictionary(rows) { first, _ in first }
        }
        for view in AppView.all { relations[view.name] = relations[view.table] }
        return relations
    }()
}
