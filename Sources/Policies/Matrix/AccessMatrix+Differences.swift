/// A cell that is not what it was.
public struct MatrixDifference: Sendable, Hashable, CustomStringConvertible {
    /// Where.
    public let place: AccessMatrix.Place
    /// What the file says; `nil` when the file does not know the relation.
    public let before: AccessMatrix.Cell?
    /// What the database says; `nil` when it has no such relation.
    public let after: AccessMatrix.Cell?

    /// More is allowed than before.
    public var isWidening: Bool {
        let old = before?.verdict.width ?? 0
        let new = after?.verdict.width ?? 0
        if old != new { return new > old }
        guard new > 0, let before, let after else { return false }
        guard let columns = before.columns else { return false }
        return after.columns.map { !Set($0).isSubset(of: columns) } ?? true
    }

    /// `public.profiles anon SELECT: DENY(grant) → OPEN`, with the columns where only those differ.
    public var description: String {
        "\(place): \(Self.text(before, beside: after)) → \(Self.text(after, beside: before))"
    }

    private static func text(_ cell: AccessMatrix.Cell?, beside other: AccessMatrix.Cell?) -> String {
        guard let cell else { return "(no such relation)" }
        guard cell.columns != other?.columns, let columns = cell.columns else { return cell.text }
        return "\(cell.text) [\(columns.joined(separator: ", "))]"
    }
}

extension AccessMatrix {
    /// What differs in another matrix.
    ///
    /// Of a relation that only one side has, the cells that allow something are listed, or the first one.
    ///
    /// - Parameter live: The matrix of the database.
    /// - Returns: The differences in the order of the matrix.
    public func differences(to live: AccessMatrix) -> [MatrixDifference] {
        let known = Set(cells.keys.map(\.relation))
        let there = Set(live.cells.keys.map(\.relation))
        return Set(cells.keys).union(live.cells.keys).sorted().compactMap { place in
            let difference = MatrixDifference(place: place, before: cells[place], after: live.cells[place])
            guard difference.before != difference.after else { return nil }
            if known.contains(place.relation), there.contains(place.relation) { return difference }
            let cell = difference.before ?? difference.after
            let isFirst = place.command == .select && place.role == AccessRole.ofAPI[0]
            return isFirst || (cell?.verdict.width ?? 0) > 0 ? difference : nil
        }
    }
}
