import PostgresTypes

/// The ways through views from what a caller may select to what lies below.
struct ViewPaths {
    private let catalog: AccessCatalog

    init(_ catalog: AccessCatalog) { self.catalog = catalog }

    /// The chains of views that begin at one and whose last reads a relation.
    ///
    /// A view with `security_invoker` reads the next one with the caller's rights, another with its owner's. The last
    /// view decides how the relation itself is read.
    func paths(from view: AccessRelation, to target: OID, as roles: [String]) -> [[AccessRelation]] {
        var found: [[AccessRelation]] = []
        walk([view], roles) { path in
            if path.last?.dependencies.contains(target) == true { found.append(path) }
        }
        return found
    }

    /// Calls the body with each chain of views that begins at one.
    func walk(_ path: [AccessRelation], _ roles: [String], _ body: ([AccessRelation]) -> Void) {
        guard let last = path.last, path.count < 20 else { return }
        body(path)
        // What a materialized view reads is stored in it.
        for oid in last.dependencies {
            guard let next = catalog.relation(oid), next.kind == .view || next.kind == .materializedView,
                !path.contains(where: { $0.oid == oid })
            else { continue }
            let mayRead = !last.isInvoker || roles.contains { catalog.rights(of: $0, on: next).allows(.select) }
            if mayRead { walk(path + [next], roles, body) }
        }
    }
}
