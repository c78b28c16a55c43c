import CatalogInspection

/// The order in which tables are filled: each after those it refers to.
///
/// Tables that refer to one another in a circle make one component (Tarjan's algorithm); components are ordered, and
/// within one the tables keep their order, because references are proved at the end and not row by row.
struct TableOrder: Sendable {
    /// The tables, referenced ones first.
    let tables: [SeedTable]
    /// The circles of more than one table, by name.
    let circles: [[String]]

    /// Orders tables by foreign keys; a key of a table to itself orders nothing.
    ///
    /// - Parameters:
    ///   - tables: The tables.
    ///   - foreignKeys: The keys of the database.
    init(_ tables: [SeedTable], foreignKeys: [ForeignKeyInfo]) {
        let places = Dictionary(tables.indices.map { (tables[$0].displayName, $0) }) { first, _ in first }
        var needs = Array(repeating: [Int](), count: tables.count)
        for key in foreignKeys {
            guard
                let child = places["\(key.schema).\(key.table)"],
                let parent = places["\(key.referencedSchema).\(key.referencedTable)"], child != parent
            else { continue }
            needs[child].append(parent)
        }
        var search = ComponentSearch(needs: needs.map { $0.sorted() })
        let components = search.run().map { $0.sorted() }
        self.tables = components.flatMap(\.self).map { tables[$0] }
        circles = components.filter { $0.count > 1 }.map { $0.map { tables[$0].displayName } }
    }
}

/// Tarjan's search for strongly connected components; they come out with what they need before them.
private struct ComponentSearch {
    let needs: [[Int]]
    private var indexes: [Int?]
    private var lowest: [Int]
    private var isOnStack: [Bool]
    private var stack: [Int] = []
    private var next = 0
    private var components: [[Int]] = []

    init(needs: [[Int]]) {
        self.needs = needs
        indexes = Array(repeating: nil, count: needs.count)
        lowest = Array(repeating: 0, count: needs.count)
        isOnStack = Array(repeating: false, count: needs.count)
    }

    mutating func run() -> [[Int]] {
        for node in needs.indices where indexes[node] == nil { _ = visit(node) }
        return components
    }

    private mutating func visit(_ node: Int) -> Int {
        let index = next
        next += 1
        indexes[node] = index
        lowest[node] = index
        stack.append(node)
        isOnStack[node] = true
        for need in needs[node] {
            if let seen = indexes[need] {
                if isOnStack[need] { lowest[node] = min(lowest[node], seen) }
            } else {
                lowest[node] = min(lowest[node], visit(need))
            }
        }
        guard lowest[node] == index else { return lowest[node] }
        var component: [Int] = []
        while let last = stack.popLast() {
            isOnStack[last] = false
            component.append(last)
            if last == node { break }
        }
        components.append(component)
        return index
    }
}
