/// An open enum as text.
enum EnumText {
    static func add(to section: inout SourceSection, name: String, summary: String, labels: [String], level: Int) {
        section.document(summary, level)
        section.add("public struct \(name): OpenEnum {", level)
        section.document("The words that the database allowed when this was generated.", level + 1)
        section.addTexts("knownLabels", labels.map(SourceText.literal), level + 1)
        for (label, member) in ModelNames.labels(labels, ofType: name) {
            section.document("The word `\(label)`.", level + 1)
            let written = ReservedNames.written(member)
            section.add("public static let \(written) = \(name)(rawValue: \(SourceText.literal(label)))", level + 1)
        }
        section.add("")
        section.document("The word as the database has it.", level + 1)
        section.add("public let rawValue: String", level + 1)
        section.add("")
        section.document("A word, known or not.", level + 1)
        section.add("public init(rawValue: String) { self.rawValue = rawValue }", level + 1)
        section.add("}", level)
    }

    /// The part of the file of an enum type.
    static func section(_ type: ModelEnum, name: String) -> SourceSection {
        var section = SourceSection()
        let summary = "A value of the type `\(type.schema).\(type.name)`."
        let comment = type.comment.map { "\($0)\($0.hasSuffix(".") ? "" : ".") \(summary)" }
        add(to: &section, name: name, summary: comment ?? summary, labels: type.labels, level: 0)
        return section
    }
}
