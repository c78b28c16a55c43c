import Testing

@testable import PoolChecks

@Suite("The smallest change")
struct ReductionSolverTests {
    /// The fewest pools and the least freed, by trying every combination.
    static func bruteForce(_ items: [ReductionSolver.Item], need: Int) -> (pools: Int, freed: Int)? {
        var best: (pools: Int, freed: Int)?
        func walk(_ index: Int, _ pools: Int, _ freed: Int) {
            guard index < items.count else {
                if freed >= need, best.map({ (pools, freed) < ($0.pools, $0.freed) }) ?? true { best = (pools, freed) }
                return
            }
            for reduction in 0...items[index].most {
                walk(index + 1, pools + (reduction > 0 ? 1 : 0), freed + reduction * items[index].weight)
            }
        }
        walk(0, 0, 0)
        return best
    }

    @Test(arguments: 0..<400)
    func `is what trying every combination finds`(seed: UInt64) throws {
        var random = SeededRandom(seed)
        let items = (0..<Int.random(in: 1...4, using: &random)).map { _ in
            ReductionSolver.Item(
                weight: Int.random(in: 0...6, using: &random), most: Int.random(in: 0...5, using: &random))
        }
        let need = Int.random(in: 1...40, using: &random)
        let expected = Self.bruteForce(items, need: need)
        let solution = ReductionSolver.solve(items, need: need)
        guard let expected else {
            #expect(solution == nil, "\(items), \(need)")
            return
        }
        let reductions = try #require(solution).reductions
        #expect(solution?.isLeast == true)
        #expect(zip(items, reductions).allSatisfy { (0...$0.most).contains($1) })
        let freed = zip(items, reductions).reduce(0) { $0 + $1.0.weight * $1.1 }
        #expect(reductions.count { $0 > 0 } == expected.pools, "\(items), \(need): \(reductions)")
        #expect(freed == expected.freed, "\(items), \(need): \(reductions)")
    }

    @Test func `numbers too large to search through still give what suffices`() throws {
        let items = (1...40).map { ReductionSolver.Item(weight: $0 * 1_000, most: 9_999) }
        let need = 300_000_000
        let solution = try #require(ReductionSolver.solve(items, need: need))
        #expect(!solution.isLeast)
        let freed = zip(items, solution.reductions).reduce(0) { $0 + $1.0.weight * $1.1 }
        #expect((need..<need + 40_000).contains(freed))
        #expect(solution.reductions.count { $0 > 0 } == 1)
    }
}

/// Random numbers that are the same in every run.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
