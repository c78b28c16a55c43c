import DocumentTesting

extension HouseRule {
    /// Rules about the text of every file, whatever its language.
    static let text: [HouseRule] = [
        everyFile(
            "there is no tab outside of the Makefile",
            where: { $0.path != "Makefile" },
            bad: ["a\n\tb\n"],
            good: ["a\n    b\n"],
            line: { $0.contains("\t") }
        ),
        everyFile(
            "no line ends in blanks, and line ends are line feeds",
            bad: ["a \n", "a\r\n", "a\u{A0}\n"],
            good: ["a\n\nb\n"],
            line: { $0.last?.isWhitespace == true || $0.unicodeScalars.last == "\r" }
        ),
        everyFile(
            "there are no invisible characters",
            bad: ["a\u{200B}b\n", "\u{FEFF}a\n", "a\u{202E}b\n"],
            good: ["… → é\n"],
            line: { $0.unicodeScalars.contains { $0.properties.generalCategory == .format } }
        ),
        everyFile(
            "work that is left stands in issues, not in the text",
            bad: ["// TO" + "DO: later\n", "FIX" + "ME\n"],
            good: ["// What is left to do\n", "PROTOTYPE\n"],
            line: { line in ["TO" + "DO", "FIX" + "ME"].contains { line.contains($0) } }
        ),
        HouseRule(
            description: "every file ends with one line feed",
            concerns: { _ in true },
            breaches: { file in
                file.text.hasSuffix("\n") && !file.text.hasSuffix("\n\n") ? [] : [" does not end with one line feed"]
            },
            samplePath: "docs/SAMPLE.md",
            bad: ["a", "a\n\n", ""],
            good: ["a\n"]
        ),
    ]

    private static func everyFile(
        _ description: String,
        where concerns: @escaping @Sendable (RepositoryTree.File) -> Bool = { _ in true },
        bad: [String],
        good: [String],
        line isBad: @escaping @Sendable (Substring) -> Bool
    ) -> HouseRule {
        HouseRule(
            description: description,
            concerns: concerns,
            breaches: { file in
                file.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap {
                    isBad($0.element) ? ":\($0.offset + 1)" : nil
                }
            },
            samplePath: "docs/SAMPLE.md",
            bad: bad,
            good: good
        )
    }
}
