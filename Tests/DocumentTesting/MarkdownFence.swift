/// One fenced block of a Markdown document: its tag, its text, and where it stands.
///
/// A fence opens with three or more backticks or tildes, indented by up to three spaces (more inside a list), and
/// closes with at least as many of the same character. The first word after the opening is the ``language``, the
/// others are ``attributes``: a block tagged `console run` is executed by the tests.
public struct MarkdownFence: Sendable, Hashable {
    /// The first word of the tag, such as `sql`; empty for a block without a tag.
    public let language: String
    /// The other words of the tag, such as `run`.
    public let attributes: [String]
    /// The lines between the fences, without the indentation of the opening fence.
    public let text: String
    /// The document, as its path was given.
    public let file: String
    /// The line of the first line of text, counted from 1.
    public let line: Int

    /// Every fenced block of a document, from top to bottom.
    ///
    /// - Parameters:
    ///   - markdown: The document's text.
    ///   - file: The path that messages name.
    /// - Returns: The blocks.
    /// - Throws: ``UnclosedFence`` for a block that never ends.
    public static func all(in markdown: String, file: String) throws(UnclosedFence) -> [MarkdownFence] {
        var fences: [MarkdownFence] = []
        var open: (mark: Mark, line: Int, body: [Substring])?
        let lines = markdown.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            guard var block = open else {
                if let mark = Mark(line) { open = (mark, index + 1, []) }
                continue
            }
            if block.mark.isClosed(by: line) {
                fences.append(MarkdownFence(block.mark, body: block.body, file: file, line: block.line + 1))
                open = nil
            } else {
                block.body.append(block.mark.dedent(line))
                open = block
            }
        }
        if let open { throw UnclosedFence(file: file, line: open.line) }
        return fences
    }

    private init(_ mark: Mark, body: [Substring], file: String, line: Int) {
        let words = mark.tag.split(separator: " ").map(String.init)
        language = words.first ?? ""
        attributes = Array(words.dropFirst())
        text = body.map { $0 + "\n" }.joined()
        self.file = file
        self.line = line
    }
}

/// A fenced block that never ends.
public struct UnclosedFence: Error, Sendable, Hashable, CustomStringConvertible {
    /// The document.
    public let file: String
    /// The line of the opening fence, counted from 1.
    public let line: Int

    /// The place and the sentence.
    public var description: String { "\(file):\(line): this fenced block is never closed" }
}

/// The opening line of a fenced block.
private struct Mark {
    let character: Character
    let length: Int
    let indentation: Int
    let tag: Substring

    init?(_ line: Substring) {
        let text = line.drop { $0 == " " }
        guard let first = text.first, first == "`" || first == "~" else { return nil }
        let rest = text.drop { $0 == first }
        guard text.count - rest.count >= 3, !rest.contains("`") else { return nil }
        character = first
        length = text.count - rest.count
        indentation = line.count - text.count
        tag = rest
    }

    func isClosed(by line: Substring) -> Bool {
        let text = line.drop { $0 == " " }
        let rest = text.drop { $0 == character }
        return text.count - rest.count >= length && rest.allSatisfy { $0 == " " }
    }

    func dedent(_ line: Substring) -> Substring {
        let spaces = line.prefix { $0 == " " }.count
        return line.dropFirst(min(spaces, indentation))
    }
}
