import DocumentTesting
import Testing

@Suite("House rules")
struct HouseRuleTests {
    @Test(arguments: HouseRule.all)
    func `every file keeps the rule`(rule: HouseRule) throws {
        let files = try RepositoryTree.files()
        #expect(files.contains(where: rule.concerns), "The rule is about no file.")
        let found = files.flatMap(rule.check)
        #expect(found.isEmpty, "\(rule):\n\(found.joined(separator: "\n"))")
    }

    @Test(arguments: HouseRule.all)
    func `the rule finds what breaks it and nothing else`(rule: HouseRule) {
        #expect(!rule.bad.isEmpty && !rule.good.isEmpty)
        for text in rule.bad {
            #expect(!rule.check(.init(path: rule.samplePath, text: text)).isEmpty, "\(rule): \(text)")
        }
        for text in rule.good {
            #expect(rule.check(.init(path: rule.samplePath, text: text)).isEmpty, "\(rule): \(text)")
        }
    }

    @Test(arguments: [
        ("a // b\nc", "a     \nc"), ("a /* b /* c */ d */ e", "a                   e"),
        (#"f("a\"b") + 1"#, "f(      ) + 1"), ("let s = \"\"\"\n  print(x)\n  \"\"\"\nprint()", "print()"),
        ("x = #/a\\/#b/# y", " y"), (##"#"a\"b"# c"##, " c"), (##"#"\#"x"# c"##, " c"),
    ])
    func `comments and literals are no code`(source: String, code: String) {
        let text = SourceCode(source).text
        #expect(text.hasSuffix(code))
        #expect(text.filter { $0 == "\n" }.count == source.filter { $0 == "\n" }.count)
        #expect(!text.contains("\"") && !text.contains("#"))
    }
}
