/// Documentation comments from texts that may hold anything.
enum DocComment {
    /// The lines of a comment: one sentence, then the rest after an empty line.
    static func lines(_ text: String, width: Int) -> [String] {
        let words = words(of: text)
        guard !words.isEmpty else { return ["/// No description."] }
        let end = words.firstIndex { $0.hasSuffix(".") } ?? words.count - 1
        var summary = Array(words[...end])
        if let last = summary.last, !last.hasSuffix(".") { summary[end] = last.trimmingPunctuation + "." }
        var lines = wrapped(summary, width: width - 4)
        let rest = Array(words[(end + 1)...])
        if !rest.isEmpty { lines += [""] + wrapped(rest, width: width - 4) }
        return lines.map { $0.isEmpty ? "///" : "/// \($0)" }
    }

    /// The words, without what cannot be seen and what the documentation's markup would take for a link.
    private static func words(of text: String) -> [String] {
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { clean.append(SourceText.isVisible(scalar) ? scalar : " ") }
        var plain = String(clean).replacing("](", with: "] (").replacing("<doc:", with: "doc:")
        while plain.contains("``") { plain = plain.replacing("``", with: "`") }
        return plain.split(whereSeparator: \.isWhitespace).flatMap { pieces(String($0)) }
    }

    /// A word that no line could hold, in pieces.
    private static func pieces(_ word: String) -> [String] {
        var rest = Substring(word)
        var pieces: [String] = []
        while rest.count > 80 {
            pieces.append(String(rest.prefix(80)))
            rest = rest.dropFirst(80)
        }
        return pieces + [String(rest)]
    }

    private static func wrapped(_ words: [String], width: Int) -> [String] {
        var lines: [String] = []
        for word in words {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(beginning(word))
            }
        }
        return lines
    }

    /// A word at the begin of a line, where some characters would begin a list or a heading.
    private static func beginning(_ word: String) -> String {
        guard let first = word.first, "-+*#>=".contains(first) else { return word }
        return "\\" + word
    }
}

extension String {
    /// The text without the punctuation at its end that a full stop replaces.
    fileprivate var trimmingPunctuation: String {
        var text = Substring(self)
        while let last = text.last, ":;,!?".contains(last) { text = text.dropLast() }
        return String(text)
    }
}
