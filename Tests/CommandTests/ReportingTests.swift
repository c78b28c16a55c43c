import ArgumentParser
import Diagnostics
import FoundationEssentials
import Testing

@testable import wheels_db

@Suite struct ReportingTests {
    private struct Numbers: Encodable {
        let bytesReceived = 12
        let url = "file:///a/b"
        let tables = ["public.userTrips": 3]
    }

    private let failure = CommandError(
        "migration.failed",
        "Statement 3 of 20260101000000_trips.sql failed.",
        remedy: Remedy("Correct the file.", command: "wheels-db migrate up"),
        failureClass: .refused,
        findings: [Finding(code: "a.b", severity: .warning, subject: "public.trips", message: "is odd.")],
        span: SourceSpan(file: "m.sql", line: 2, column: 8, lineText: "create tabel trips ();")
    )

    private func reporter(_ recorded: RecordedConsole, json: Bool = false, quiet: Bool = false) -> Reporter {
        var style = OutputStyle()
        style.isJSON = json
        style.isQuiet = quiet
        return Reporter(command: "backup create", style: style, console: recorded.console)
    }

    @Test func `a result is one document with its schema`() throws {
        let recorded = RecordedConsole()
        try reporter(recorded, json: true).result(Numbers(), text: "unused")
        #expect(
            recorded.output == #"{"bytes_received":12,"schema":"wheels-db/backup-create/v1","#
                + #""tables":{"public.userTrips":3},"url":"file:///a/b"}"# + "\n"
        )
        #expect(recorded.error.isEmpty)
    }

    @Test func `without --json a result is the text`() throws {
        let recorded = RecordedConsole()
        try reporter(recorded).result(Numbers(), text: "12 bytes")
        #expect(recorded.output == "12 bytes\n")
    }

    @Test func `an error shows message, place, findings and the next command`() {
        let recorded = RecordedConsole()
        reporter(recorded).error(failure)
        #expect(recorded.output.isEmpty)
        #expect(
            recorded.error == """
                error: Statement 3 of 20260101000000_trips.sql failed.
                  at m.sql:2:8
                    create tabel trips ();
                           ^
                warning: public.trips: is odd. [a.b]
                  Correct the file.
                  → wheels-db migrate up

                """
        )
    }

    @Test func `an error with --json is one document on standard output`() throws {
        let recorded = RecordedConsole()
        reporter(recorded, json: true, quiet: true).error(failure)
        let object = try JSONSerializationShape.keys(of: recorded.output)
        #expect(object.schema == "wheels-db/error/v1")
        #expect(object.error.code == "migration.failed")
        #expect(object.error.message == failure.summary)
        #expect(object.error.remedy == "Correct the file.  wheels-db migrate up")
        #expect(object.error.command == "wheels-db migrate up")
        #expect(object.error.exit == 19)
        #expect(object.error.place == "m.sql:2:8")
        #expect(recorded.error.isEmpty)
    }

    @Test func `an error without a remedy has the key all the same`() {
        let recorded = RecordedConsole()
        reporter(recorded, json: true).error(CommandError("a.b", "No."))
        #expect(
            recorded.output
                == #"{"error":{"code":"a.b","exit":64,"message":"No.","remedy":null},"schema":"wheels-db/error/v1"}"#
                + "\n"
        )
    }

    @Test func `--quiet hides notes and keeps warnings`() {
        let recorded = RecordedConsole()
        let report = reporter(recorded, quiet: true)
        report.note("a note")
        report.detail("a detail")
        report.warning("look here")
        report.progress("backup", unit: .bytes).update(done: 1, total: 2)
        #expect(recorded.error == "warning: look here\n")
    }

    @Test(
        arguments: [
            (true, [:], false, true), (true, ["NO_COLOR": "1"], false, false), (true, ["NO_COLOR": ""], false, true),
            (true, [:], true, false), (false, [:], false, false), (true, ["TERM": "dumb"], false, false),
        ] as [(Bool, [String: String], Bool, Bool)])
    func `colours need a terminal and nobody against them`(
        isTerminal: Bool,
        variables: [String: String],
        noColor: Bool,
        expected: Bool
    ) throws {
        let options = try GlobalOptions.parse(noColor ? ["--no-color"] : [])
        let environment = ProcessEnvironment(variables: variables, isErrorTerminal: isTerminal)
        #expect(OutputStyle(options: options, environment: environment).usesColor == expected)
    }

    @Test func `a table is aligned and has no spaces at line ends`() {
        var table = TextTable(.text("table"), .number("rows"), .text("note"))
        table.add("public.trips", "1,200", "")
        table.add("b", "7", "new")
        #expect(
            table.text == """
                TABLE          ROWS  NOTE
                public.trips  1,200
                b                 7  new

                """
        )
    }
}

/// The shape of an error document, decoded strictly.
enum JSONSerializationShape {
    struct Document: Decodable {
        struct Failure: Decodable {
            let code: String
            let message: String
            let remedy: String?
            let command: String?
            let exit: Int
            let place: String?
        }
        let schema: String
        let error: Failure
    }

    static func keys(of text: String) throws -> Document {
        try JSONDecoder().decode(Document.self, from: Data(text.utf8))
    }
}

@Suite struct HumanUnitsTests {
    @Test(
        arguments: [
            (0, "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (1_549, "1.5 kB"), (999_949, "999.9 kB"),
            (999_950, "1.0 MB"),
            (12_345_678, "12.3 MB"), (1_250_000_000, "1.25 GB"), (-2_000, "-2.0 kB"),
        ] as [(Int64, String)])
    func `bytes in decimal units`(count: Int64, text: String) {
        #expect(HumanUnits.bytes(count) == text)
    }

    @Test(
        arguments: [
            (0, "0"), (999, "999"), (1_000, "1,000"), (-1_234_567, "-1,234,567"),
            (Int64.min, "-9,223,372,036,854,775,808"),
        ] as [(Int64, String)])
    func `counts with thousands apart`(count: Int64, text: String) {
        #expect(HumanUnits.count(count) == text)
    }

    @Test(
        arguments: [
            (.milliseconds(85), "85 ms"), (.milliseconds(1_240), "1.2 s"), (.seconds(59.97), "1 min 00 s"),
            (.seconds(200), "3 min 20 s"), (.seconds(7_500), "2 h 05 min"), (.seconds(273_600), "3 d 4 h"),
        ] as [(Duration, String)])
    func `time spans`(duration: Duration, text: String) {
        #expect(HumanUnits.duration(duration) == text)
    }

    @Test(arguments: [("90s", 90), ("15m", 900), ("24h", 86_400), ("7d", 604_800), ("2w", 1_209_600), ("0s", 0)])
    func `reads time spans`(text: String, seconds: Int) {
        #expect(DurationText.parse(text) == .seconds(seconds))
    }

    @Test(arguments: ["", "7", "d", "-1d", "1.5h", "7 d", "9223372036854775807w"])
    func `reads no other text as a time span`(text: String) {
        #expect(DurationText.parse(text) == nil)
    }
}

@Suite struct ProgressTests {
    @Test func `the line tells amount, share, rate, time left and subject`() {
        var state = ProgressState(label: "backup", unit: .bytes)
        state.done = 10_000_000
        state.total = 40_000_000
        state.elapsed = .seconds(2)
        state.subject = "public.trips"
        #expect(state.text == "backup  10.0 MB / 40.0 MB  25 %  5.0 MB/s  6.0 s left  public.trips")
        state.total = nil
        #expect(state.text == "backup  10.0 MB  5.0 MB/s  public.trips")
    }

    @Test func `elsewhere than on a terminal a line is due every ten seconds`() {
        var cadence = ProgressCadence(redrawsLine: false)
        let due = [0, 5, 9, 10, 11, 19, 20, 45].filter { cadence.isDue(at: .seconds($0)) }
        #expect(due == [10, 20, 45])
    }

    @Test func `on a terminal the first line comes at once`() {
        var cadence = ProgressCadence(redrawsLine: true)
        let due = [0, 50, 99, 100, 150, 210].filter { cadence.isDue(at: .milliseconds($0)) }
        #expect(due == [0, 100, 210])
    }

    @Test func `a redrawn line is removed at the end`() {
        let recorded = RecordedConsole()
        var style = OutputStyle()
        style.redrawsLine = true
        let line = Reporter(command: "x", style: style, console: recorded.console).progress("load", unit: .rows)
        line.update(done: 1_000, total: 2_000)
        line.finish()
        #expect(recorded.error == "\r\u{1B}[Kload  1,000 rows / 2,000 rows  50 %\r\u{1B}[K")
    }
}
