/// What is done to a table or a view.
enum AccessKind: String, CaseIterable, Sendable {
    case read, insert, update, move, delete, truncate

    /// Those that rules speak of.
    static let ruled: [AccessKind] = [.read, .insert, .update, .move, .delete]
}

/// Who may do what to which rows, as written by hand in ``rules``.
struct ExpectedAccess: Sendable {
    /// What a person's attempts on the rows of a relation should come to.
    enum Cell: Hashable, Sendable, CustomStringConvertible {
        /// 42501 for every row: no grant.
        case noGrant
        /// These rows and no other; the others are not seen, or a policy refuses them.
        case rows(Set<String>)

        var description: String {
            switch self {
            case .noGrant: "no grant"
            case .rows(let labels): labels.isEmpty ? "no row" : labels.sorted().joined(separator: ",")
            }
        }
    }

    /// A line that cannot be read.
    struct Mistake: Error, Hashable, CustomStringConvertible { let description: String }

    private struct Line {
        let who: String
        let words: [AccessKind: String]
    }

    private let lines: [String: [Line]]

    /// Reads the rules.
    ///
    /// - Parameter text: Lines of relation, who, and a word for each kind of access; `#` begins a comment.
    /// - Throws: ``Mistake``.
    init(_ text: String) throws {
        var lines: [String: [Line]] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 2 + AccessKind.ruled.count else { throw Mistake(description: "\(line)") }
            guard words[1] == "user" || Person(rawValue: words[1]) != nil else {
                throw Mistake(description: "Nobody is called \(words[1]): \(line)")
            }
            let cells = Dictionary(uniqueKeysWithValues: zip(AccessKind.ruled, words.dropFirst(2)))
            lines[words[0], default: []].append(Line(who: words[1], words: cells))
        }
        self.lines = lines
    }

    /// The relations that have lines.
    var relations: Set<String> { Set(lines.keys) }

    /// What is expected.
    ///
    /// - Parameters:
    ///   - kind: What is done.
    ///   - relation: To what.
    ///   - person: By whom.
    ///   - rows: The relation's rows: what each is called, and whose it is.
    /// - Returns: The cell; `nil` when there is no such access.
    /// - Throws: ``Mistake`` when no line says it.
    func cell(_ kind: AccessKind, _ relation: String, _ person: Person, rows: [String: Person?]) throws -> Cell? {
        let lines = lines[relation] ?? []
        let line = lines.first { $0.who == person.rawValue } ?? lines.first { $0.who == "user" && person.id != nil }
        let fallback = person == .anon ? "-" : person == .service ? "all" : nil
        guard let word = line?.words[kind] ?? fallback else {
            throw Mistake(description: "No line says what \(person.rawValue) may do with \(relation)")
        }
        switch word {
        case ".": return nil
        case "-": return .noGrant
        case "none": return .rows([])
        case "all": return .rows(Set(rows.keys))
        default: return .rows(try labels(in: word, of: person, rows: rows, relation: relation))
        }
    }

    private func labels(
        in word: String,
        of person: Person,
        rows: [String: Person?],
        relation: String
    ) throws -> Set<String> {
        try word.split(separator: ",").map(String.init).reduce(into: []) { labels, name in
            if name == "own" {
                labels.formUnion(rows.filter { $0.value == person }.keys)
            } else if rows.keys.contains(name) {
                labels.insert(name)
            } else {
                throw Mistake(description: "\(relation) has no row called \(name)")
            }
        }
    }
}
