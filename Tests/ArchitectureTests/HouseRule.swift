import DocumentTesting

/// A rule that files keep, with samples that show that it can be broken.
struct HouseRule: Sendable, CustomStringConvertible {
    /// The rule as a sentence.
    let description: String
    /// Which files it is about.
    let concerns: @Sendable (RepositoryTree.File) -> Bool
    /// What a file does against it, one line each.
    let breaches: @Sendable (RepositoryTree.File) -> [String]
    /// A path for the samples.
    let samplePath: String
    /// Texts that break the rule.
    let bad: [String]
    /// Texts that look similar and do not.
    let good: [String]

    /// What a file does against the rule; nothing for a file it is not about.
    func check(_ file: RepositoryTree.File) -> [String] {
        guard concerns(file) else { return [] }
        return breaches(file).map { "\(file.path)\($0)" }
    }

    /// A rule that a pattern must not occur in the code of certain Swift files.
    static func forbidding(
        _ pattern: String,
        _ description: String,
        where concerns: @escaping @Sendable (RepositoryTree.File) -> Bool,
        samplePath: String = "Sources/Migrations/Sample.swift",
        bad: [String],
        good: [String]
    ) -> HouseRule {
        HouseRule(
            description: description,
            concerns: { $0.path.hasSuffix(".swift") && concerns($0) },
            breaches: { file in
                guard let expression = try? Regex(pattern) else { return [": the rule's pattern is none"] }
                let lines = SourceCode(file.text).text.split(separator: "\n", omittingEmptySubsequences: false)
                return lines.enumerated().compactMap { index, line in
                    line.firstMatch(of: expression).map { ":\(index + 1): \(line[$0.range])" }
                }
            },
            samplePath: samplePath,
            bad: bad,
            good: good
        )
    }
}
