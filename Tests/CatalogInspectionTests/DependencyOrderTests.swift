import CatalogInspection
import Testing

@Suite("Dependency order")
struct DependencyOrderTests {
    private func sorted(_ elements: [Int], _ dependencies: [Int: Set<Int>]) -> [Int] {
        DependencyOrder.sorted(elements, id: \.self, dependencies: dependencies)
    }

    @Test func `each comes after what it needs, and equals keep their order`() {
        #expect(sorted([3, 1, 2], [:]) == [3, 1, 2])
        #expect(sorted([1, 2, 3, 4], [1: [3], 3: [4], 2: [4]]) == [4, 3, 1, 2])
        #expect(sorted([], [1: [2]]).isEmpty)
    }

    @Test func `needs are passed on through what is not ordered itself`() {
        #expect(sorted([1, 2], [1: [100], 100: [101], 101: [2]]) == [2, 1])
    }

    @Test func `a cycle ends, and every element comes out once`() {
        #expect(sorted([1], [1: [1]]) == [1])
        #expect(sorted([1, 2], [1: [2], 2: [1]]) == [2, 1])
        let ring = Dictionary(uniqueKeysWithValues: (0..<100).map { ($0, Set([($0 + 1) % 100, ($0 + 7) % 100])) })
        #expect(sorted(Array(0..<100), ring).sorted() == Array(0..<100))
    }

    @Test func `what hangs on a cycle comes after it`() {
        let order = sorted([5, 1, 2], [5: [1], 1: [2], 2: [1]])
        #expect(order == [2, 1, 5])
    }

    @Test func `a long chain is no problem`() {
        let count = 2_000
        let chain = Dictionary(uniqueKeysWithValues: (1..<count).map { ($0 - 1, Set([$0])) })
        #expect(sorted(Array(0..<count), chain) == Array((0..<count).reversed()))
    }
}
