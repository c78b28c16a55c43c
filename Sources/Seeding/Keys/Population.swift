/// Which rows a table has: how many below each owner, and below each of those.
///
/// A count depends on the key alone, never on the scale; that is why a larger scale contains a smaller one.
struct Population: Sendable {
    typealias Count = @Sendable (RowKey) -> Int

    /// The count of rows at each step; one to three.
    let steps: [Count]

    /// Rows in one, two or three steps below the owner.
    init(_ steps: Count...) {
        precondition((1...3).contains(steps.count), "A row stands one to three steps below its owner")
        self.steps = steps
    }

    /// One row for each user.
    static let eachUser = Population { $0.owner == 0 ? 0 : 1 }

    /// The number of rows at a scale.
    func rows(at scale: SeedScale) -> Int {
        var cursor = KeyCursor(self, scale: scale, wholeRows: false)
        var total = 0
        while let key = cursor.next() { total += steps[steps.count - 1](key) }
        return total
    }
}

/// Walks over the keys of a population in order: owner by owner.
struct KeyCursor: Sendable {
    private let counts: ArraySlice<Population.Count>
    private let lastOwner: Int
    private var owner = -1
    /// The rows at each step below the current path, and where the walk is among them.
    private var limits: [Int]
    private var places: [Int]

    /// A walk over the rows, or over what stands directly above them.
    init(_ population: Population, scale: SeedScale, wholeRows: Bool = true) {
        counts = population.steps.prefix(population.steps.count - (wholeRows ? 0 : 1))
        lastOwner = scale.users
        limits = Array(repeating: 0, count: counts.count)
        places = Array(repeating: 0, count: counts.count)
    }

    /// The next key, or `nil` at the end.
    mutating func next() -> RowKey? {
        var step = counts.count - 1
        if step >= 0 { places[step] += 1 }
        while true {
            if step >= 0, places[step] >= limits[step] {
                step -= 1
                if step >= 0 { places[step] += 1 }
                continue
            }
            if step < 0 {
                guard owner < lastOwner else { return nil }
                owner += 1
            }
            if step == counts.count - 1 { return path(through: counts.count) }
            step += 1
            places[step] = 0
            limits[step] = counts[step](path(through: step))
            precondition(limits[step] <= RowKey.fanOut, "More than \(RowKey.fanOut) rows below one row")
        }
    }

    /// The key of where the walk is, with so many steps.
    private func path(through steps: Int) -> RowKey {
        var key = RowKey(owner)
        for step in 0..<steps { key = key.below(places[step], step: step + 1) }
        return key
    }
}
