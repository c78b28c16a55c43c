/// Expected output in which `…` stands for what differs from run to run.
///
/// A line of nothing but `…` stands for any number of lines, none included. Elsewhere `…` stands for any text within
/// its line. Blank space at the ends of lines, and blank lines at both ends of the output, do not count.
public struct OutputPattern: Sendable, Hashable, CustomStringConvertible {
    /// The pattern as it was written.
    public let description: String

    /// A pattern.
    ///
    /// - Parameter text: The expected output.
    public init(_ text: String) {
        description = text
    }

    /// Whether an output is what the pattern describes.
    ///
    /// - Parameter output: What a command printed.
    /// - Returns: Whether every line agrees.
    /// - Complexity: O(*n* × *m*) in the numbers of lines.
    public func matches(_ output: String) -> Bool {
        Self.aligns(Self.lines(description), with: Self.lines(output), isGap: { $0 == Self.gap }, Self.lineMatches)
    }

    private static let gap = "…"

    private static func lines(_ text: String) -> [String] {
        var lines = text.split(whereSeparator: { $0 == "\n" || $0 == "\r\n" }, keepingEmpty: true)
        while lines.last?.isEmpty == true { lines.removeLast() }
        while lines.first?.isEmpty == true { lines.removeFirst() }
        return lines
    }

    private static func lineMatches(_ pattern: String, _ line: String) -> Bool {
        aligns(Array(pattern), with: Array(line), isGap: { $0 == "…" }, ==)
    }

    /// Matching with gaps, by the set of pattern positions that the input read so far can have reached.
    private static func aligns<Element>(
        _ pattern: [Element],
        with input: [Element],
        isGap: (Element) -> Bool,
        _ agree: (Element, Element) -> Bool
    ) -> Bool {
        func passingGaps(_ positions: Set<Int>) -> Set<Int> {
            var all = positions
            for position in positions {
                var next = position
                while next < pattern.count, isGap(pattern[next]) {
                    next += 1
                    all.insert(next)
                }
            }
            return all
        }
        var reached = passingGaps([0])
        for element in input {
            var next: Set<Int> = []
            for position in reached where position < pattern.count {
                if isGap(pattern[position]) {
                    next.insert(position)
                } else if agree(pattern[position], element) {
                    next.insert(position + 1)
                }
            }
            reached = passingGaps(next)
        }
        return reached.contains(pattern.count)
    }
}

extension String {
    fileprivate func split(whereSeparator isSeparator: (Character) -> Bool, keepingEmpty: Bool) -> [String] {
        split(omittingEmptySubsequences: !keepingEmpty, whereSeparator: isSeparator).map { line in
            var line = line
            while line.last?.isWhitespace == true { line.removeLast() }
            return String(line)
        }
    }
}
