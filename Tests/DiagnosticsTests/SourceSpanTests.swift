import Diagnostics
import Testing

@Suite("Source span")
struct SourceSpanTests {
    @Test(arguments: [
        (0, 1, 1, "select 1;"), (7, 1, 8, "select 1;"), (9, 1, 10, "select 1;"), (10, 2, 1, "  frm t"),
        (12, 2, 3, "  frm t"), (17, 2, 8, "  frm t"), (18, 3, 1, ""), (900, 3, 1, ""), (-5, 1, 1, "select 1;"),
    ])
    func `an offset becomes line, column and line text`(offset: Int, line: Int, column: Int, text: String) {
        let span = SourceSpan(file: "a.sql", utf8Offset: offset, in: "select 1;\n  frm t\n")
        #expect(span == SourceSpan(file: "a.sql", line: line, column: column, lineText: text))
    }

    @Test func `columns count characters, not bytes`() {
        let text = "-- ÄÖ👩\u{200D}👩\u{200D}👧 x"
        let offset = text.utf8.count - 1
        #expect(SourceSpan(file: "a.sql", utf8Offset: offset, in: text).column == 8)
    }

    @Test func `an offset inside a character points at most one column on`() {
        let span = SourceSpan(file: "a.sql", utf8Offset: 1, in: "Äb")
        #expect(span.line == 1)
        #expect((1...2).contains(span.column))
    }

    @Test func `Windows line ends stay out of the line text`() {
        let span = SourceSpan(file: "a.sql", utf8Offset: 6, in: "one;\r\ntwo;\r\n")
        #expect(span == SourceSpan(file: "a.sql", line: 2, column: 1, lineText: "two;"))
    }

    @Test func `an empty text has a first place`() {
        #expect(SourceSpan(file: "e.sql", utf8Offset: 3, in: "").description == "e.sql:1:1")
    }

    @Test func `the description is what editors make clickable`() {
        #expect(SourceSpan(file: "x/a.sql", line: 3, column: 14, lineText: "").description == "x/a.sql:3:14")
    }

    @Test func `the caret stands under the column`() {
        let span = SourceSpan(file: "a.sql", line: 2, column: 3, lineText: "  frm t")
        #expect(span.excerpt == "  frm t\n  ^")
    }

    @Test func `tabs before the column stay tabs so that the caret lines up`() {
        let span = SourceSpan(file: "a.sql", line: 1, column: 4, lineText: "\t\tx y")
        #expect(span.excerpt == "\t\tx y\n\t\t ^")
    }

    @Test func `a column past the line does not trap`() {
        let span = SourceSpan(file: "a.sql", line: 1, column: 99, lineText: "ab")
        #expect(span.excerpt == "ab\n  ^")
        #expect(SourceSpan(file: "a.sql", line: 0, column: 0, lineText: "ab").excerpt == "ab\n^")
    }
}
