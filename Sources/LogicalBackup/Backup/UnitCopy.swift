import CatalogInspection
import SQLText

extension TableRecord {
    /// The COPY statement that reads some ranges of the table, in the order of its pages.
    ///
    /// The condition on `ctid` is there for the whole table too: an index alone could answer without it, in its own order.
    func copyOutStatement(ranges: [Int]) -> String {
        let alias = ContentDigest.alias
        let list = columns.map { "\(alias).\(SQLQuoting.identifier($0.name))" }.joined(separator: ", ")
        let format = format == .binary ? "binary" : "text"
        let source = "ONLY \(table.qualifiedName) \(alias)"
        let also = table.rowCondition.map { " AND (\($0))" } ?? ""
        func copy(_ select: String) -> String { "COPY (\(select)) TO STDOUT (FORMAT \(format))" }
        guard table.isHeap else {
            return copy("SELECT \(list) FROM \(source)\(table.rowCondition.map { " WHERE \($0)" } ?? "")")
        }
        let runs = Self.pageRuns(ranges)
        if runs.count == 1, let run = runs.first {
            return copy(
                "SELECT \(list) FROM \(source) WHERE \(alias).ctid >= '(\(run.lowerBound),0)'"
                    + " AND \(alias).ctid < '(\(run.upperBound),0)'\(also)")
        }
        // Conditions joined by OR would read the whole table; OFFSET 0 keeps the planner from turning the loop around.
        let low = runs.map { "\"(\($0.lowerBound),0)\"" }.joined(separator: ",")
        let high = runs.map { "\"(\($0.upperBound),0)\"" }.joined(separator: ",")
        return copy(
            "SELECT \(list) FROM unnest('{\(low)}'::tid[], '{\(high)}'::tid[]) run(low, high)"
                + " CROSS JOIN LATERAL (SELECT \(list) FROM \(source) WHERE \(alias).ctid >= run.low"
                + " AND \(alias).ctid < run.high\(also) OFFSET 0) \(alias)")
    }

    /// Neighbouring ranges together, as pages.
    private static func pageRuns(_ ranges: [Int]) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        for range in ranges {
            let pages = range * RangeDigests.pages..<(range + 1) * RangeDigests.pages
            if let last = runs.last, last.upperBound == pages.lowerBound {
                runs[runs.count - 1] = last.lowerBound..<pages.upperBound
            } else {
                runs.append(pages)
            }
        }
        return runs
    }

    /// The COPY statement that loads rows into a table.
    func copyInStatement(target: String) -> String {
        let list = columns.map { SQLQuoting.identifier($0.name) }.joined(separator: ", ")
        let columnList = columns.isEmpty ? "" : " (\(list))"
        return "COPY \(target)\(columnList) FROM STDIN (FORMAT \(format == .binary ? "binary" : "text"))"
    }
}
