/// What the rules look at: one catalog, and the answers that several rules need.
public struct LintContext: Sendable {
    /// The catalog.
    public let catalog: AccessCatalog
    let filters: RowFilterReader

    /// A context of one catalog.
    ///
    /// - Parameter catalog: The catalog.
    public init(_ catalog: AccessCatalog) {
        self.catalog = catalog
        filters = RowFilterReader(catalog: catalog)
    }

    /// The relations the project answers for.
    var ours: [AccessRelation] { catalog.relations.filter { AccessCatalog.isOurs($0.name) } }

    /// Each policy the project answers for, with its table.
    var policies: [(policy: AccessPolicy, table: AccessRelation)] {
        catalog.policies.compactMap { policy in
            guard let table = catalog.relation(policy.table), AccessCatalog.isOurs(table.name) else { return nil }
            return (policy, table)
        }
    }

    /// Whether the data API shows a schema.
    func isExposed(_ schema: String) -> Bool { catalog.apiSchemas.contains(schema) }

    /// The users' roles that reach a relation with a command through the API.
    func roles(reaching relation: AccessRelation, _ command: AccessCommand = .select) -> [String] {
        guard isExposed(relation.name.schema) else { return [] }
        return AccessRole.ofUsers.filter { role in
            catalog.mayUse(relation.name.schema, role) && catalog.rights(of: role, on: relation).allows(command)
        }
    }

    /// The users' roles that may call a routine through the API.
    func roles(calling routine: AccessRoutine) -> [String] {
        guard isExposed(routine.name.schema), !routine.isTriggerFunction else { return [] }
        return AccessRole.ofUsers.filter { catalog.mayUse(routine.name.schema, $0) && catalog.mayCall(routine, $0) }
    }

    /// Who can reach a relation today, in a sentence.
    func reach(of relation: AccessRelation) -> String {
        let holders = AccessRole.ofUsers.compactMap { role -> String? in
            let rights = catalog.rights(of: role, on: relation)
            let commands = AccessCommand.ofRows.filter { rights.allows($0) }
            guard !commands.isEmpty, catalog.mayUse(relation.name.schema, role) else { return nil }
            return "\(role) may \(commands.map(\.rawValue).joined(separator: ", "))"
        }
        if holders.isEmpty { return "Not reachable today: anon and authenticated have no grant." }
        let who = holders.joined(separator: "; ")
        if AccessCatalog.openManagedTables.contains(relation.name) {
            return "Reached through Supabase's \(relation.name.schema) API: \(who)."
        }
        guard isExposed(relation.name.schema) else {
            return
                "Not reachable through the API today: schema \(relation.name.schema) is not exposed. With SQL: \(who)."
        }
        return "Reachable through the API: \(who)."
    }

    /// Who can call a routine today, in a sentence.
    func reach(of routine: AccessRoutine) -> String {
        let callers = roles(calling: routine)
        if callers.isEmpty { return "Not callable through the API today." }
        return
            "Callable through the API by \(callers.joined(separator: " and ")): POST /rest/v1/rpc/\(routine.name.name)."
    }

    /// The routines that a call can mean.
    func routines(_ call: ExpressionFacts.Call) -> [AccessRoutine] {
        catalog.routines(called: call.name, arguments: call.argumentCount)
    }

    /// All routines that some calls reach, those called by routines included.
    func routines(reachedBy calls: [ExpressionFacts.Call]) -> [AccessRoutine] {
        var waiting = calls.flatMap { routines($0) }
        var found: [AccessRoutine] = []
        while let next = waiting.popLast() {
            if found.contains(next) { continue }
            found.append(next)
            waiting += next.body.routines(in: catalog)
        }
        return found.sorted { $0.signature < $1.signature }
    }

    /// The relations that some names mean; a name without schema is PostgreSQL's own.
    func relations(_ names: Set<[String]>) -> [AccessRelation] {
        names.filter { $0.count == 2 }.sorted { $0.description < $1.description }
            .compactMap { catalog.relation(AccessName($0[0], $0[1])) }
    }

    /// The metadata that each finding about a relation has.
    func metadata(_ relation: AccessRelation) -> [String: LintValue] {
        [
            "schema": .text(relation.name.schema), "name": .text(relation.name.name),
            "type": .text(relation.kind.word),
        ]
    }
}
