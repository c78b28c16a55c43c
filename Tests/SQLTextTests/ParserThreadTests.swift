import Glibc
import Testing

@testable import SQLText

@Suite("The parser's thread")
struct ParserThreadTests {
    @Test func `thousands of texts leave the process its keys`() throws {
        // The library takes one of 1,024 for each thread that parses, and TLS cannot begin without one.
        for number in 1...1_500 { _ = try Fingerprint(of: "select \(number)") }
        var key = pthread_key_t()
        #expect(unsafe pthread_key_create(&key, nil) == 0)
        _ = pthread_key_delete(key)
    }

    @Test func `texts from many tasks get their own trees`() async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 1...300 {
                group.addTask {
                    let tree = try ParseTree(parsing: "select \(number) from table_\(number)")
                    let query = tree["stmts"].items.first?["stmt"]["SelectStmt"]
                    return query?["fromClause"].items.first?["RangeVar"]["relname"].string == "table_\(number)"
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }

    @Test func `a refused text leaves the thread to the next one`() throws {
        for _ in 1...20 {
            #expect(throws: SQLSyntaxError.self) { try ParseTree(parsing: "select from where") }
            #expect(try ParseTree(parsing: "select 1")["stmts"].items.count == 1)
        }
    }

    @Test(arguments: [10_000, 240_000, 300_000]) func `a deep text is parsed, however long`(bytes: Int) throws {
        let sum = "select 1" + String(repeating: "+1", count: bytes / 2)
        #expect(try StatementSplitter.split(sum).count == 1)
        #expect(try Fingerprint(of: sum).shape.count == 16)
        #expect((bytes > DeepStack.longestUsualText) == (bytes == 300_000))
    }

    @Test func `a tree that is too deep is refused, never cut`() {
        let deep = "select " + String(repeating: "(not ", count: 300) + "a" + String(repeating: ")", count: 300)
        let error = #expect(throws: SQLSyntaxError.self) { try ParseTree(parsing: deep) }
        #expect(error?.summary.contains("nested too deeply") == true)
    }
}
