/// `0014_extension_in_public`: an extension among the project's own objects.
enum ExtensionInPublic: PolicyRule {
    static let info = LintRuleInfo(
        "extension_in_public", number: "0014", "Extension in Public", .warning,
        summary: "An extension is installed in schema public.",
        reason: """
            Its functions stand beside the project's own and are called through the API. Schema `extensions` is there for \
            them. Not every extension can be moved: `alter extension … set schema` says so.
            """,
        bad: "create extension pg_trgm with schema public;",
        good: "create extension pg_trgm with schema extensions;"
    )

    static func findings(in context: LintContext) -> [LintFinding] {
        context.catalog.extensionsInPublic.map { name in
            LintFinding(
                rule: info,
                object: name,
                detail: "The extension \(name) is installed in schema public.",
                reach: context.isExposed("public")
                    ? "Its functions are callable through the API." : "Schema public is not exposed today.",
                advice: "Move it to schema extensions.",
                sql: ["alter extension \(AccessName.quoted(name)) set schema extensions;"],
                metadata: ["schema": .text("public"), "name": .text(name), "type": .text("extension")],
                cacheKey: "extension_in_public_\(name)"
            )
        }
    }
}
