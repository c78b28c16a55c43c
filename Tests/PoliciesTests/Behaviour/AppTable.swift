/// The rows that a table of the app holds in these tests, and the statements that are tried on them.
///
/// Values are SQL. In them `{me}` stands for the id of the row's owner, `{label}` for the row's label, `{user_trips}` for
/// the id of that table's row with the same label, `{user_trips.open}` for one with another.
struct AppTable: Sendable {
    /// A row, and whose it is.
    struct Row: Sendable {
        let label: String
        let owner: Person?
        /// The other one of two people whose row it is.
        let partner: Person?
        let values: [String: String]
        let given: [String: String]

        /// A row beside those that each account has.
        ///
        /// - Parameters:
        ///   - label: What the expectations call it.
        ///   - owner: Whose it is.
        ///   - partner: The other one of two people whose it is.
        ///   - values: What differs from the table's values.
        ///   - given: What differs of the columns that only the fixture sets.
        init(
            _ label: String,
            of owner: Person? = nil,
            and partner: Person? = nil,
            _ values: [String: String] = [:],
            given: [String: String] = [:]
        ) {
            self.label = label
            self.owner = owner
            self.partner = partner
            self.values = values
            self.given = given
        }
    }

    let schema: String
    let name: String
    let owner: String?
    let key: [String]
    let isNumbered: Bool
    let rows: [Row]
    /// What an UPDATE sets.
    let change: String
    /// What gives a row to somebody else.
    let move: String?

    /// A table.
    ///
    /// - Parameters:
    ///   - name: Its name, with the schema where that is not `public`.
    ///   - owner: The column that says whose a row is.
    ///   - key: The columns that say which row it is.
    ///   - isNumbered: The key is a number from a sequence.
    ///   - values: What every row holds and whoever inserts it names.
    ///   - given: What every row holds and only the fixture sets, since users may not.
    ///   - hasRowOfEach: Each account has a row.
    ///   - rows: More rows.
    ///   - change: What an UPDATE sets.
    ///   - move: What gives a row to somebody else, where that is not the owner's column.
    init(
        _ name: String,
        owner: String? = nil,
        key: [String] = ["id"],
        isNumbered: Bool = false,
        _ values: [String: String] = [:],
        given: [String: String] = [:],
        hasRowOfEach: Bool = true,
        rows: [Row] = [],
        change: String,
        move: String? = nil
    ) {
        let parts = name.split(separator: ".").map(String.init)
        schema = parts.count > 1 ? parts[0] : "public"
        self.name = parts.last ?? name
        self.owner = owner
        self.key = key
        self.isNumbered = isNumbered
        let own = hasRowOfEach ? Person.users.map { Row($0.label, of: $0) } : []
        self.rows = (own + rows).map { row in
            Row(
                row.label,
                of: row.owner,
                and: row.partner,
                values.merging(row.values) { $1 },
                given: given.merging(row.given) { $1 }
            )
        }
        self.change = change
        self.move = move ?? owner.map { "\($0) = '\(Person.newcomer)'" }
    }

    /// The name as the expectations have it.
    var title: String { schema == "public" ? name : "\(schema).\(name)" }
    /// The name in statements.
    var qualified: String { "\(schema).\(name)" }
    /// The labels of a person's own rows.
    func labels(of person: Person) -> Set<String> {
        Set(rows.filter { $0.owner == person && person.id != nil }.map(\.label))
    }

    /// The id of a row, as SQL.
    static func id(_ table: String, _ label: String) -> String { "md5('\(table) \(label)')::uuid" }
}

extension AppTable {
    /// Text that is the same for a row's key in the table and in the fixture.
    var keyText: String { "concat_ws(' ', \(key.joined(separator: ", ")))" }

    /// The key of a row, as ``keyText`` shows it.
    func keyText(of row: Row) -> String {
        let values = columns(of: row, isFixture: true)
        return "concat_ws(' ', \(key.map { values[$0] ?? "null" }.joined(separator: ", ")))"
    }

    /// What the fixture's owner runs to have the row.
    func fixture(_ row: Row) -> String {
        let columns = columns(of: row, isFixture: true)
        let updates = columns.keys.sorted().map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
        return insert(columns) + " on conflict (\(key.joined(separator: ", "))) do update set \(updates);"
    }

    func insert(_ row: Row) -> String { insert(columns(of: row, isFixture: false)) }

    func update(_ row: Row) -> String { "update \(qualified) set \(change) where \(condition(row))" }

    func move(_ row: Row) -> String? { move.map { "update \(qualified) set \($0) where \(condition(row))" } }

    func delete(_ row: Row) -> String { "delete from \(qualified) where \(condition(row))" }

    private func insert(_ columns: [String: String]) -> String {
        let names = columns.keys.sorted()
        let values = names.map { columns[$0] ?? "null" }
        return "insert into \(qualified) (\(names.joined(separator: ", "))) values (\(values.joined(separator: ", ")))"
    }

    private func condition(_ row: Row) -> String {
        let values = columns(of: row, isFixture: true)
        return key.map { "\($0) = \(values[$0] ?? "null")" }.joined(separator: " and ")
    }

    private func columns(of row: Row, isFixture: Bool) -> [String: String] {
        var columns = row.values
        if isFixture { columns.merge(row.given) { $1 } }
        if let owner { columns[owner] = row.owner?.literal ?? columns[owner] ?? "null" }
        if key == ["id"], owner != "id", isFixture || !isNumbered { columns["id"] = id(of: row) }
        return columns.mapValues { expand($0, for: row) }
    }

    /// Numbers of the fixture are below those of the sequence.
    private func id(of row: Row) -> String {
        guard isNumbered else { return Self.id(name, row.label) }
        return "\(-1 - (rows.firstIndex { $0.label == row.label } ?? 0))"
    }

    private func expand(_ value: String, for row: Row) -> String {
        value.replacing(#/\{([a-z_]+)(?:\.([a-z]+))?\}/#) { match in
            switch match.1 {
            case "me": row.owner?.id ?? ""
            case "label": row.label
            default: Self.id(String(match.1), match.2.map(String.init) ?? row.label)
            }
        }
    }
}

/// A view of the app, whose rows are those of a table.
struct AppView: Sendable {
    let name: String
    /// The column that tells the rows apart.
    let key: String
    let table: String
    /// The column holds the owner, not the table's key.
    let isByOwner: Bool

    /// A view.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - key: The column that tells its rows apart.
    ///   - table: Whose rows it shows.
    ///   - isByOwner: The column holds the owner, not the table's key.
    init(_ name: String, key: String, of table: String, isByOwner: Bool = false) {
        self.name = name
        self.key = key
        self.table = table
        self.isByOwner = isByOwner
    }

    static let all = [
        AppView("budget_summary", key: "budget_id", of: "budgets"),
        AppView("budget_utilization", key: "id", of: "budgets"),
        AppView("latest_camping_updates", key: "camping_location_id", of: "camping_locations"),
        AppView("public_profiles", key: "id", of: "profiles"),
        AppView("user_savings_summary", key: "user_id", of: "pam_savings_events", isByOwner: true),
    ]
}
