import Diagnostics
import Foundation
import Testing

@Suite("Findings, remedies and explained errors")
struct FindingTests {
    private struct Plain: ExplainedError {
        let code = "test.plain"
        let summary = "The file trips.sql was edited."
    }

    private struct Helpful: ExplainedError {
        let code = "test.helpful"
        let summary = "The file trips.sql was edited."
        let remedy: Remedy? = Remedy("Restore it:", command: "git checkout trips.sql")
    }

    @Test func `an error has defaults for all but its code and summary`() {
        let error = Plain()
        #expect(error.remedy == nil)
        #expect(error.failureClass == .failure)
        #expect(error.findings.isEmpty)
        #expect(error.span == nil)
        #expect("\(error)" == "The file trips.sql was edited.")
    }

    @Test func `the description ends with the command that helps`() {
        #expect("\(Helpful())" == "The file trips.sql was edited. Restore it:  git checkout trips.sql")
    }

    @Test(arguments: [
        (Remedy("Wait."), "Wait."),
        (Remedy("Start it:", command: "wheels-db local start"), "Start it:  wheels-db local start"),
        (Remedy("", command: "wheels-db doctor"), "wheels-db doctor"),
    ])
    func `a remedy reads as sentence and command`(remedy: Remedy, text: String) {
        #expect(remedy.description == text)
    }

    @Test func `severities are ordered from the mildest to the gravest`() {
        #expect(Severity.allCases.shuffled().sorted() == [.note, .warning, .error])
        #expect(Severity.allCases.max() == .error)
    }

    @Test func `the names scripts rely on do not change`() {
        #expect(Severity.allCases.map(\.rawValue) == ["note", "warning", "error"])
        #expect(
            FailureClass.allCases.map(\.rawValue) == [
                "failure", "findings", "notFound", "locked", "wrongKey", "corrupt", "unreachable", "permission",
                "unsupportedVersion", "outOfSpace", "dataDiffers", "refused", "noConnectionSlot", "usage",
                "interrupted",
            ]
        )
    }

    @Test func `a finding survives JSON with and without its optional parts`() throws {
        let full = Finding(
            code: "restore.role-missing", severity: .error, subject: "public.trips", message: "The role is missing.",
            span: SourceSpan(file: "a.sql", line: 1, column: 2, lineText: "ab"),
            remedy: Remedy("Create it:", command: "create role x")
        )
        let bare = Finding(code: "x.y", severity: .note, message: "A note.")
        for finding in [full, bare] {
            let data = try JSONEncoder().encode(finding)
            #expect(try JSONDecoder().decode(Finding.self, from: data) == finding)
        }
    }
}
