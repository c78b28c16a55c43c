/// The page `docs/LINT-RULES.md`, made from the rules' own words.
public enum LintRuleBook: Sendable {
    /// The page.
    public static var markdown: String {
        let infos = PolicyLinter.rules.map { $0.info }
        var text = """
            # Rules of `wheels-db policy lint`

            Made by `make manual` from the rules themselves; a test fails when it is stale. Rules with a number are lints of
            Supabase's advisor: they have its names and columns, find what it finds, and read expressions with PostgreSQL's
            grammar where it searches for texts. The others are ours.

            A finding of level WARN or ERROR makes the command end with 2. What is meant to be so is accepted by a line of
            `policies/lint-exceptions.txt`: rule, object (`public.trips`, `public.is_admin()`, or
            `public.trips/"policy name"`), and the reason. A line that accepts nothing any more is told.

            | rule | advisor | level | finds |
            |---|---|---|---|

            """
        for info in infos {
            text +=
                "| [\(info.name)](#\(info.name)) | \(info.number ?? "") | \(info.level.rawValue) | \(info.summary) |\n"
        }
        for info in infos { text += chapter(info) }
        return text
    }

    private static func chapter(_ info: LintRuleInfo) -> String {
        let language = info.bad.contains(";") ? "sql" : "text"
        let number = info.number.map { ", the advisor's \($0)" } ?? ""
        return """

            ## \(info.name)

            \(info.title): \(info.level.rawValue), \(info.category.rawValue.lowercased())\(number).

            \(info.summary) \(info.reason)

            Found:

            ```\(language)
            \(info.bad)
            ```

            Not found:

            ```\(language)
            \(info.good)
            ```

            """
    }
}
