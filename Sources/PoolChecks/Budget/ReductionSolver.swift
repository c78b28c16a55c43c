/// Finds the fewest pools, and of them the least reduction, that free a number of connections.
///
/// How many pools is plain: the largest possible reductions first, until they suffice. Which ones, and by how much, is a
/// knapsack: among all choices of at most that many pools, the one that frees the least beyond what is needed.
enum ReductionSolver {
    /// A pool: each connection less in its configuration frees `weight` of them; at most `most` can go.
    struct Item: Sendable, Hashable {
        let weight: Int
        let most: Int
    }

    /// How much each pool is reduced.
    struct Solution: Sendable, Hashable {
        let reductions: [Int]
        let isLeast: Bool
    }

    /// The largest table that is searched; beyond it the result is good, but not proved least.
    static let largestTable = 8_000_000.0

    /// The reductions of each item, or `nil` when all together do not suffice.
    static func solve(_ items: [Item], need: Int) -> Solution? {
        guard need > 0 else { return Solution(reductions: items.map { _ in 0 }, isLeast: true) }
        let byFreed = items.indices.sorted { (items[$0].freed, $1) > (items[$1].freed, $0) }
        var chosen: [Int] = []
        var freed = 0
        for index in byFreed where freed < need && items[index].freed > 0 {
            chosen.append(index)
            freed += items[index].freed
        }
        guard freed >= need else { return nil }
        let widest = need + (items.map(\.weight).max() ?? 0)
        if Double(items.count) * Double(chosen.count + 1) * Double(widest) <= largestTable,
            let reductions = search(items, need: need, pools: chosen.count, widest: widest)
        {
            return Solution(reductions: reductions, isLeast: true)
        }
        return Solution(reductions: trimmed(items, chosen, need: need, freed: freed), isLeast: false)
    }

    /// Dynamic programming over (items so far, pools used, connections freed).
    ///
    /// `taken[i][k · widest + f]` is the reduction of item i in a choice that frees f with k pools among the items up to
    /// i; -1 where there is none. A least choice frees less than `need` and the largest weight together: otherwise one
    /// connection could be given back.
    private static func search(_ items: [Item], need: Int, pools: Int, widest: Int) -> [Int]? {
        var taken: [[Int32]] = []
        var reachable = [Bool](repeating: false, count: (pools + 1) * widest)
        reachable[0] = true
        for item in items {
            var step = reachable.map { Int32($0 ? 0 : -1) }
            var next = reachable
            if item.freed > 0 {
                for used in 1...max(pools, 1) where used <= pools {
                    extend(item, from: (used - 1) * widest, to: used * widest, widest, reachable, &step, &next)
                }
            }
            taken.append(step)
            reachable = next
        }
        let ends = (need..<widest).lazy.compactMap { freed in
            (0...pools).first { reachable[$0 * widest + freed] }.map { (freed: freed, used: $0) }
        }
        guard var (freed, used) = ends.first else { return nil }
        var reductions = [Int](repeating: 0, count: items.count)
        for index in items.indices.reversed() {
            let reduction = Int(taken[index][used * widest + freed])
            guard reduction > 0 else { continue }
            reductions[index] = reduction
            freed -= reduction * items[index].weight
            used -= 1
        }
        return reductions
    }

    /// Adds one item: from each sum that is reachable with one pool less, every sum that up to `most` steps lead to.
    private static func extend(
        _ item: Item,
        from source: Int,
        to target: Int,
        _ widest: Int,
        _ reachable: [Bool],
        _ step: inout [Int32],
        _ next: inout [Bool]
    ) {
        for remainder in 0..<min(item.weight, widest) {
            var last: Int?
            for freed in stride(from: remainder, to: widest, by: item.weight) {
                if let last, (freed - last) / item.weight <= item.most, !reachable[target + freed] {
                    step[target + freed] = Int32((freed - last) / item.weight)
                    next[target + freed] = true
                }
                if reachable[source + freed] { last = freed }
            }
        }
    }

    /// The largest reductions, less what they free beyond the need.
    private static func trimmed(_ items: [Item], _ chosen: [Int], need: Int, freed: Int) -> [Int] {
        var reductions = [Int](repeating: 0, count: items.count)
        for index in chosen { reductions[index] = items[index].most }
        var spare = freed - need
        for index in chosen.sorted(by: { items[$0].weight > items[$1].weight }) {
            let back = min(reductions[index] - 1, spare / items[index].weight)
            reductions[index] -= max(0, back)
            spare -= max(0, back) * items[index].weight
        }
        return reductions
    }
}

extension ReductionSolver.Item {
    /// The most connections this pool can free.
    var freed: Int { weight * most }
}
