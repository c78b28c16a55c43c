/// A table for people: aligned columns, numbers to the right.
///
/// One cell that is longer than ``widestAlignment`` runs over instead of pushing the columns of all others away.
struct TextTable: Sendable {
    /// A column and how it is aligned.
    struct Column: Sendable {
        let title: String
        let isNumeric: Bool

        static func text(_ title: String) -> Column { Column(title: title, isNumeric: false) }
        static func number(_ title: String) -> Column { Column(title: title, isNumeric: true) }
    }

    /// The number of characters beyond which columns of text are not widened.
    static let widestAlignment = 80

    let columns: [Column]
    private(set) var rows: [[String]] = []

    init(_ columns: Column...) {
        self.columns = columns
    }

    /// Adds a row; missing cells stay empty.
    mutating func add(_ cells: String...) {
        rows.append((0..<columns.count).map { $0 < cells.count ? cells[$0] : "" })
    }

    /// The lines of the table, the titles first, without spaces at line ends.
    var text: String {
        let titles = columns.map { $0.title.uppercased() }
        let widths = columns.indices.map { index in
            let widest = ([titles] + rows).map { $0[index].count }.max() ?? 0
            return columns[index].isNumeric ? widest : min(widest, Self.widestAlignment)
        }
        return ([titles] + rows).map { line(of: $0, widths: widths) }.joined()
    }

    private func line(of cells: [String], widths: [Int]) -> String {
        let padded = cells.indices.map { index in
            let space = String(repeating: " ", count: max(0, widths[index] - cells[index].count))
            return columns[index].isNumeric ? space + cells[index] : cells[index] + space
        }
        var line = padded.joined(separator: "  ")
        while line.last == " " { line.removeLast() }
        return line + "\n"
    }
}
