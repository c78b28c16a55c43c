/// Finds the known name that a misspelt one most likely meant.
enum NearestName {
    /// The closest of the known names, if one is close enough to be what was meant.
    ///
    /// - Complexity: O(*n* · *a* · *b*) in the number and the lengths of the names.
    static func match(for name: String, among known: some Sequence<String>) -> String? {
        let wanted = Array(normalized(name))
        let tolerance = max(1, min(3, (wanted.count + 1) / 3))
        let ranked =
            known
            .map { (name: $0, distance: distance(wanted, Array(normalized($0)))) }
            .filter { $0.distance <= tolerance }
            .min { ($0.distance, $0.name) < ($1.distance, $1.name) }
        if let ranked { return ranked.name }
        guard wanted.count >= 4 else { return nil }
        return known.filter { normalized($0).hasPrefix(String(wanted)) || name.hasPrefix($0) }.min()
    }

    /// The number of single edits (insert, delete, replace, swap of neighbours) between two names.
    static func distance(_ first: [Character], _ second: [Character]) -> Int {
        if first.isEmpty { return second.count }
        if second.isEmpty { return first.count }
        var beforeLast = [Int](repeating: 0, count: second.count + 1)
        var last = Array(0...second.count)
        for row in 1...first.count {
            var current = [row] + [Int](repeating: 0, count: second.count)
            for column in 1...second.count {
                let isSame = first[row - 1] == second[column - 1]
                var best = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (isSame ? 0 : 1))
                if row > 1, column > 1, first[row - 1] == second[column - 2], first[row - 2] == second[column - 1] {
                    best = min(best, beforeLast[column - 2] + 1)
                }
                current[column] = best
            }
            beforeLast = last
            last = current
        }
        return last[second.count]
    }

    private static func normalized(_ name: String) -> String {
        String(name.lowercased().map { $0 == "-" ? "_" : $0 })
    }
}
