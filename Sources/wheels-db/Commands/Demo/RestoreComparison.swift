/// The restore that lied: the same questions asked of the source, of what the stock procedure restored, and of what
/// wheels-db restored.
struct RestoreComparison: Encodable, Sendable {
    /// A restored project: how its restore ended, and what the project answers; nothing where the restore failed.
    struct Restored: Sendable {
        let status: Int
        let answers: [String: Answer]?
    }

    /// What the stock procedure restored.
    struct Stock: Sendable {
        let restored: Restored
        /// The rows of its source once its backup was complete.
        let laterRows: Answer
        /// The tables anon may empty where the schema alone went into a project with the default privileges of 2026.
        let truncatableSince2026: Answer
    }

    /// A question with its three answers.
    struct Line: Encodable, Sendable {
        let id: String
        let question: String
        let source: Answer
        let stock: Answer
        let wheelsDb: Answer
        let stockHolds: Bool
        let wheelsDbHolds: Bool
        /// What is behind the stock procedure's answer, where it differs.
        let stockDetails: [String]
        /// What is behind ours, where it differs.
        let wheelsDbDetails: [String]
    }

    let command: String
    /// What happened in the source while each of the backups was taken.
    let meanwhile: String
    let stockExit: Int
    let wheelsDbExit: Int
    let lines: [Line]
    let wrongOfStock: Int
    let wrongOfWheelsDb: Int
    let verdict: String
    /// The tables anon may empty where the schema alone went into a project with the default privileges of 2026.
    let truncatableSince2026: Answer

    init(source: [String: Answer], stock: Stock, wheelsDB: Restored) {
        command = StockRestore.commandLine
        meanwhile = ProjectLife.story
        stockExit = stock.restored.status
        wheelsDbExit = wheelsDB.status
        truncatableSince2026 = stock.truncatableSince2026
        lines = ProjectQuestion.all.map { question in
            var original = source[question.id] ?? .none
            var byStock = stock.restored.answers?[question.id] ?? .none
            var ours = wheelsDB.answers?[question.id] ?? .none
            if question.id == ProjectQuestion.rows {
                byStock = Self.moment(of: byStock, schema: original, later: stock.laterRows)
                ours = Self.moment(of: ours, schema: original, later: .none)
                original = Self.moment(of: original, schema: original, later: .none)
            }
            return Line(
                id: question.id,
                question: question.text + (question.isSeparateStep ? " *" : ""),
                source: original,
                stock: byStock,
                wheelsDb: ours,
                // A restore that failed has said so, and claims nothing.
                stockHolds: stock.restored.answers == nil || byStock.agrees(with: original),
                wheelsDbHolds: ours.agrees(with: original),
                stockDetails: byStock.difference(from: original),
                wheelsDbDetails: ours.difference(from: original)
            )
        }
        wrongOfStock = lines.count { !$0.stockHolds }
        wrongOfWheelsDb = lines.count { !$0.wheelsDbHolds }
        verdict = Self.verdict(lines, stock: stock.restored)
    }

    /// Whether rows are of the moment of the schema, which both backups took before the deploy.
    private static func moment(of rows: Answer, schema: Answer, later: Answer) -> Answer {
        if rows == .none { return .none }
        if rows.agrees(with: schema) { return .words("yes") }
        if rows.agrees(with: later) { return .words("no, rows are later") }
        return .words("no, \(rows.differences(from: schema).count) tables differ")
    }

    private static func verdict(_ lines: [Line], stock: Restored) -> String {
        let ours = lines.count { !$0.wheelsDbHolds }
        let right = ours == 0 ? "all \(lines.count)" : "\(lines.count - ours) of \(lines.count)"
        let here = "wheels-db: \(right) answers are the source's."
        guard stock.status == 0 else { return "psql ended with \(stock.status), and nothing was restored. \(here)" }
        let wrong = lines.count { !$0.stockHolds }
        guard wrong > 0 else { return "psql ended with 0, and all its answers are the source's. \(here)" }
        return "psql ended with 0, and \(wrong) of \(lines.count) answers are not the source's. \(here)"
    }

    /// The table for people, with what has to be known to read it.
    var text: String {
        var table = TextTable(.text("the restore that lied"), .text("source"), .text("stock psql"), .text("wheels-db"))
        table.add("exit code of the restore", "–", "\(stockExit)", "\(wheelsDbExit)")
        for line in lines {
            table.add(
                line.question,
                line.source.text(beside: nil),
                line.stock.text(beside: line.source) + (line.stockHolds ? "" : "  ✗"),
                line.wheelsDb.text(beside: line.source) + (line.wheelsDbHolds ? "" : "  ✗")
            )
        }
        return table.text + "\n" + notes.joined(separator: "\n") + "\n"
    }

    private var notes: [String] {
        let orphans = lines.first { $0.id == "keys.orphans" && !$0.stockHolds }?.stockDetails ?? []
        var notes = [verdict]
        if !orphans.isEmpty { notes.append("They point nowhere: rows of \(orphans.joined(separator: ", ")).") }
        notes += ["While each backup was taken, \(meanwhile).", "Stock: \(command)"]
        notes.append(
            "Both restores went into projects with the default privileges of before 2026. With those of 2026 the same"
                + " schema.sql lets anon empty \(truncatableSince2026.text(beside: nil)) tables."
        )
        notes.append(
            "* The guide has a step of its own for these (supabase db diff --schema auth,storage); it is not run here.")
        return notes
    }
}

extension Answer {
    /// Whether a restored project answers as the source did.
    func agrees(with source: Answer) -> Bool {
        switch (self, source) {
        case (.count(let mine, _), .count(let theirs, _)): mine == theirs
        case (.contents, .contents): differences(from: source).isEmpty
        default: self == source
        }
    }

    /// What is behind an answer that is not the source's.
    func difference(from source: Answer) -> [String] {
        switch (self, source) {
        case (.count(_, let mine), .count(_, let theirs)):
            Set(mine).symmetricDifference(theirs).sorted()
        default: differences(from: source)
        }
    }
}
