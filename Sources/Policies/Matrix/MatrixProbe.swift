/// One statement whose plan is asked for, and where its outcome belongs.
struct MatrixProbe: Sendable {
    /// How a command is written.
    enum Form: Sendable {
        case plain
        case filtered
        case returning
    }

    let command: AccessCommand
    let form: Form
    let sql: String
}

/// What the server said about one probe.
enum MatrixOutcome: Sendable, Equatable {
    /// The statement can run.
    case runs
    /// It can run and will find no row: the plan has a condition that is false.
    case findsNothing
    /// It fails.
    case fails(state: String, message: String)

    /// The outcome as the server's block writes it.
    init(_ text: String) {
        switch text {
        case "runs": self = .runs
        case "nothing": self = .findsNothing
        default: self = .fails(state: String(text.prefix(5)), message: String(text.dropFirst(6)))
        }
    }
}

/// Writes the statements for one relation and role: only those that grants let through.
struct MatrixProbes {
    let relation: AccessRelation
    let rights: AccessRights

    /// The probes, each with its form.
    var all: [MatrixProbe] {
        AccessCommand.ofRows.flatMap { command -> [MatrixProbe] in
            guard rights.allows(command), isPossible(command) else { return [] }
            switch command {
            case .select: return [MatrixProbe(command: command, form: .plain, sql: "select \(readList) from \(name)")]
            case .insert: return insert
            case .update: return update
            case .delete: return forms(of: .delete, "delete from \(name)")
            case .truncate: return []
            }
        }
    }

    /// The statements of some probes, those of one command together.
    static func byCommand(_ probes: [MatrixProbe]) -> [[String]] {
        AccessCommand.ofRows.map { command in probes.filter { $0.command == command }.map(\.sql) }.filter {
            !$0.isEmpty
        }
    }

    /// Whether a relation of this kind knows a command.
    func isPossible(_ command: AccessCommand) -> Bool {
        switch relation.kind {
        case .table, .partitioned, .foreignTable: true
        case .view: command == .select || relation.updatable.contains(command)
        case .materializedView: command == .select
        }
    }

    private var name: String { relation.name.sql }
    private var readList: String {
        rights.limit(of: .select).map { columns in
            relation.columns.filter { columns.contains($0.name) }.map { AccessName.quoted($0.name) }
                .joined(separator: ", ")
        } ?? "*"
    }
    /// A column to filter by: of the key where it may be read.
    private var readable: String {
        let may = relation.columns.filter { rights.allows(.select, column: $0.name) }
        let column = may.first(where: \.isKey) ?? may.first ?? relation.columns.first
        return column.map { AccessName.quoted($0.name) } ?? "1"
    }

    private var insert: [MatrixProbe] {
        let columns = relation.columns.filter { !$0.isGenerated && rights.allows(.insert, column: $0.name) }
        let list = columns.map { AccessName.quoted($0.name) }.joined(separator: ", ")
        let values = columns.map { _ in "default" }.joined(separator: ", ")
        let sql =
            columns.isEmpty ? "insert into \(name) default values" : "insert into \(name) (\(list)) values (\(values))"
        return [
            MatrixProbe(command: .insert, form: .returning, sql: "\(sql) returning \(readable)"),
            MatrixProbe(command: .insert, form: .plain, sql: sql),
        ]
    }

    private var update: [MatrixProbe] {
        let may = relation.columns.filter { !$0.isGenerated && rights.allows(.update, column: $0.name) }
        guard let column = may.first(where: { !$0.isKey }) ?? may.first else { return [] }
        return forms(of: .update, "update \(name) set \(AccessName.quoted(column.name)) = default")
    }

    private func forms(of command: AccessCommand, _ sql: String) -> [MatrixProbe] {
        [
            MatrixProbe(
                command: command, form: .returning, sql: "\(sql) where \(readable) is not null returning \(readable)"),
            MatrixProbe(command: command, form: .filtered, sql: "\(sql) where \(readable) is not null"),
            MatrixProbe(command: command, form: .plain, sql: sql),
        ]
    }
}
