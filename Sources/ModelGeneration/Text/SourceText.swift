/// A part of a file: lines, and the modules that its declarations name.
struct SourceSection {
    /// What the file is called that begins with this part, such as `+Insert`.
    var suffix = ""
    var lines: [String] = []
    var modules: Set<String> = []

    /// Adds a line, indented by so many levels.
    mutating func add(_ line: String, _ level: Int = 0) {
        lines.append(line.isEmpty ? "" : String(repeating: "    ", count: level) + line)
    }

    /// Adds a documentation comment.
    mutating func document(_ text: String, _ level: Int = 0) {
        for line in DocComment.lines(text, width: SourceText.width - 4 * level) { add(line, level) }
    }

    /// Adds a static array of texts, as many on a line as fit.
    mutating func addTexts(_ name: String, _ literals: [String], _ level: Int) {
        guard literals.count > 1 else {
            let type = literals.isEmpty ? ": [String]" : ""
            return add("public static let \(name)\(type) = [\(literals.joined())]", level)
        }
        add("public static let \(name) = [", level)
        var line = ""
        for literal in literals {
            let longer = line.isEmpty ? "\(literal)," : "\(line) \(literal),"
            if longer.count + 4 * level + 4 > SourceText.width, !line.isEmpty {
                add(line, level + 1)
                line = "\(literal),"
            } else {
                line = longer
            }
        }
        add(line, level + 1)
        add("]", level)
    }
}

/// Swift source text.
enum SourceText {
    /// The longest line that the style allows.
    static let width = 120
    /// The longest file that the style allows.
    static let height = 300

    /// A string literal.
    static func literal(_ text: String) -> String {
        var literal = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": literal += "\\\\"
            case "\"": literal += "\\\""
            case _ where isVisible(scalar): literal.unicodeScalars.append(scalar)
            default: literal += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return literal + "\""
    }

    /// Whether a character can stand in a source file as itself: it shows, or is the common blank.
    static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == " " { return true }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .privateUse, .unassigned,
            .surrogate:
            return false
        default: return true
        }
    }
}
