import Diagnostics
import Foundation
import Testing

@testable import ProjectHealth

@Suite("Files of variables")
struct DotenvFileTests {
    private func variables(_ text: String) throws -> [String: String] { try DotenvFile(text, file: ".env").variables }

    @Test(arguments: [
        ("A=1", "1"), ("A = 1 ", "1"), ("export A=1", "1"), ("A=\"x # y\"", "x # y"), ("A=x # y", "x"),
        ("A=x#y", "x#y"),
        ("A='a\\nb'", "a\\nb"), ("A=\"a\\nb\"", "a\nb"), ("A=\"a\nb\"", "a\nb"), ("A=", ""),
        ("A=\"say \\\"x\\\"\"", "say \"x\""),
        ("A=postgres://u:p@h/d?x=y", "postgres://u:p@h/d?x=y"), ("\u{FEFF}A=1\r\n", "1"), ("A='x' # why", "x"),
        ("A=1\nA=2", "2"),
    ])
    func `a line is read as the usual readers read it`(line: String, value: String) throws {
        #expect(try variables(line) == ["A": value])
    }

    @Test func `what it writes it reads again, whatever stands in a value`() throws {
        var random = SeededGenerator(seed: 7)
        let alphabet: [Unicode.Scalar] = [
            "a", "Z", "0", " ", "\t", "\n", "\r", "\"", "'", "\\", "$", "{", "#", "=", "`", "é", "\u{301}", "\u{1F511}",
            "\u{1}",
            "\u{FEFF}", "\u{2028}",
        ]
        for _ in 0..<2_000 {
            var values: [String: String] = [:]
            for name in ["A", "B_2", "LONG_NAME"] {
                var value = String.UnicodeScalarView()
                for _ in 0..<Int.random(in: 0...12, using: &random) {
                    value.append(alphabet.randomElement(using: &random) ?? "a")
                }
                values[name] = String(value)
            }
            let text = DotenvFile.text(of: values)
            let read = try DotenvFile(text, file: ".env")
            #expect(read.variables.keys.sorted() == values.keys.sorted() && read.findings.isEmpty, "\(text)")
            for (name, value) in values {
                // Not ==, which calls texts equal that have other scalars.
                #expect(Array(read.variables[name]?.utf8 ?? "-".utf8) == Array(value.utf8), "\(text)")
            }
        }
    }

    @Test func `a shell reads what it writes`() throws {
        var random = SeededGenerator(seed: 11)
        let alphabet: [Unicode.Scalar] = [
            "a", " ", "\t", "\n", "\"", "'", "\\", "$", "{", "}", "#", "=", "`", "(", "!", "*", "é", "\u{301}",
            "\u{1F511}",
        ]
        var values = ["PLAIN": "x", "EMPTY": "", "PATH_LIKE": "C:\\new\\", "SPOKEN": "it's $5 \"net\" `id`"]
        for number in 0..<400 {
            var value = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 1...10, using: &random) {
                value.append(alphabet.randomElement(using: &random) ?? "a")
            }
            values["V\(number)"] = String(value)
        }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("wheels-db-\(UUID().uuidString).env")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(DotenvFile.text(of: values).utf8).write(to: file)
        let names = values.keys.sorted()
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        let script = ". \(file.path)\n" + names.map { "printf '%s\\0' \"$\($0)\"" }.joined(separator: "\n")
        shell.arguments = ["-c", script]
        let output = Pipe()
        shell.standardOutput = output
        try shell.run()
        let read = (try output.fileHandleForReading.readToEnd() ?? Data()).split(
            separator: 0, omittingEmptySubsequences: false)
        shell.waitUntilExit()
        #expect(shell.terminationStatus == 0)
        try #require(read.count == names.count + 1)
        for (name, bytes) in zip(names, read) {
            #expect(Array(bytes) == Array((values[name] ?? "").utf8), "\(name): \(values[name] ?? "")")
        }
    }

    @Test(arguments: [
        ("plain", "'plain'"), ("two\nlines $5 \"x\"", "'two\nlines $5 \"x\"'"), ("it's", "\"it's\""),
        ("it's $5", "\"it's \\$5\""), ("C:\\", "\"C:\\\\\""), ("a\r\nb", "\"a\\r\\nb\""),
    ])
    func `a value is quoted as plainly as it can be`(value: String, text: String) {
        #expect(DotenvFile.text(of: ["A": value]) == "A=\(text)\n")
    }

    @Test func `comments and empty lines are nothing`() throws {
        #expect(try variables("# A=1\n\n   \n\t# x\n").isEmpty)
    }

    @Test func `a name that stands there twice is a warning with its line`() throws {
        let file = try DotenvFile("A=\"1\n2\"\nB=x\nA=2\n", file: ".env")
        #expect(file.variables == ["A": "2", "B": "x"])
        #expect(file.findings.map(\.code) == ["env.set-twice"])
        #expect(file.findings.first?.message.contains("line 4") == true)
    }

    @Test(arguments: [
        ("A=1\nhunter2hunter2\n", 2), ("A=\"open\nB=1\n", 1), ("A-B=hunter2", 1), ("=hunter2", 1), ("1A=hunter2", 1),
    ])
    func `a line that is no assignment is named by its number and not shown`(text: String, line: Int) {
        let error = #expect(throws: DotenvError.self) { try DotenvFile(text, file: ".env") }
        #expect(error?.line == line)
        #expect(error?.description.contains("hunter2") == false)
        #expect(error?.summary.hasPrefix(".env:\(line) ") == true)
    }
}

/// The same numbers in each run (SplitMix64).
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
