/// Orders things so that each comes after those it depends on.
public enum DependencyOrder: Sendable {
    /// Sorts depth first; equal elements keep their order, a cycle is broken where it was entered.
    ///
    /// - Parameters:
    ///   - elements: The things to order.
    ///   - id: What dependencies name them by.
    ///   - dependencies: For each id those it needs; ids of other things pass their own needs on.
    /// - Returns: The elements, each after what it needs.
    public static func sorted<Element, ID: Hashable & Comparable>(
        _ elements: [Element],
        id: (Element) -> ID,
        dependencies: [ID: Set<ID>]
    ) -> [Element] {
        let byID = Dictionary(elements.map { (id($0), $0) }) { first, _ in first }
        var visited: Set<ID> = []
        var result: [Element] = []
        func visit(_ node: ID) {
            guard visited.insert(node).inserted else { return }
            for need in (dependencies[node] ?? []).sorted() { visit(need) }
            if let element = byID[node] { result.append(element) }
        }
        for element in elements { visit(id(element)) }
        return result
    }
}
