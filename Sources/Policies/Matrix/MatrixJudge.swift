/// Decides the cells of one relation and role.
struct MatrixJudge {
    let catalog: AccessCatalog
    let relation: AccessRelation
    let role: String
    let answers: [(probe: MatrixProbe, outcome: MatrixOutcome)]

    private var rights: AccessRights { catalog.rights(of: role, on: relation) }
    private var filters: ViewFilterReader { ViewFilterReader(catalog: catalog, role: role) }

    /// The cell of a command, and what the server said when it is an error.
    func cell(_ command: AccessCommand) throws -> (AccessMatrix.Cell, String?) {
        let probes = MatrixProbes(relation: relation, rights: rights)
        guard command == .truncate ? hasTruncate : probes.isPossible(command) else { return (.init(.none), nil) }
        guard catalog.mayUse(relation.name.schema, role), rights.allows(command) else {
            return (.init(.deniedByGrant), nil)
        }
        if command == .truncate { return (.init(.open), nil) }
        if let (state, message) = try failure(of: command) { return (.init(.error(state)), message) }
        if command == .insert, let sequence = lackingSequence {
            return (.init(.error("42501")), "permission denied for sequence \(sequence)")
        }
        let limit = rights.limit(of: command).map { $0.sorted() }
        let columns = command == .delete ? nil : limit
        return (.init(verdict(of: command), columns: columns, lacks: lacks(command)), nil)
    }

    private var hasTruncate: Bool { relation.kind != .view && relation.kind != .materializedView }

    private func outcome(_ command: AccessCommand, _ form: MatrixProbe.Form) -> MatrixOutcome? {
        answers.first { $0.probe.command == command && $0.probe.form == form }?.outcome
    }

    /// What makes every statement of a command fail; a form that only lacks SELECT is none.
    private func failure(of command: AccessCommand) throws -> (String, String)? {
        for (probe, outcome) in answers where probe.command == command {
            guard case .fails(let state, let message) = outcome else { continue }
            if Self.isNoAnswer(state) { throw AccessReadingError.notProbed(relation.name.description, reason: message) }
            if probe.form != .plain, state == "42501", !rights.allows(.select) { continue }
            return (state, message)
        }
        return nil
    }

    /// Locks, resources, shutdowns and bugs say nothing about rights.
    private static func isNoAnswer(_ state: String) -> Bool {
        ["53", "55", "57", "58", "XX", "40"].contains { state.hasPrefix($0) } && state != "55000"
    }

    /// A sequence that a default asks and the role may not use; the server checks that when a row comes.
    private var lackingSequence: String? {
        relation.columns.first { column in
            guard let sequence = column.sequence, rights.allows(.insert, column: column.name) || column.isKey else {
                return false
            }
            return catalog.usableSequences[role]?.contains(sequence) != true
        }?.sequenceName
    }

    private func verdict(of command: AccessCommand) -> AccessMatrix.Verdict {
        // A plan that is false says so of policies; of a partitioned table also that it has no partition yet.
        let filtered = outcome(command, .filtered) ?? outcome(command, .plain)
        let isGuarded = relation.kind == .table && relation.isRowSecurityOn && catalog.roles[role]?.bypasses != true
        if isGuarded, filtered == .findsNothing { return .deniedByPolicy }
        switch rows(of: command) {
        case .nothing: return .deniedByPolicy
        case .own: return .own
        case .conditional: return .conditional
        case .all: return .open
        }
    }

    /// The rows a command reaches, and for writes what it may leave there.
    private func rows(of command: AccessCommand) -> RowFilter {
        let reach = filters.reach(command, on: relation)
        switch command {
        case .select, .truncate: return reach
        case .insert: return filters.written(.insert, on: relation)
        case .delete: return visible(reach)
        case .update:
            let found = visible(reach)
            let written = filters.written(.update, on: relation)
            if found == .nothing || written == .nothing { return .nothing }
            return found == written ? found : .conditional
        }
    }

    /// WHERE and RETURNING reach only what may be selected as well.
    private func visible(_ reach: RowFilter) -> RowFilter {
        rights.allows(.select) ? reach.and(filters.reach(.select, on: relation)) : reach
    }

    private func lacks(_ command: AccessCommand) -> [String] {
        guard command != .select else { return [] }
        let seesNothing = filters.reach(.select, on: relation) == .nothing
        if command == .insert { return !rights.allows(.select) || seesNothing ? ["RETURNING"] : [] }
        return rights.allows(.select) ? [] : ["WHERE"]
    }
}
