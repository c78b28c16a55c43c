import Dispatch
import SQLText
import Testing

@Suite struct `Comparing what two scripts do` {
    static let original = "-- trips\ncreate table public.trips (id int default 1, note text default 'a  b');"

    @Test func `sees no difference in white space, comments and letter case`() throws {
        let other = "CREATE TABLE public.trips(\r\n  ID integer /* key */ DEFAULT 1,\r\n  note text default 'a  b'\r\n)"
        // `int` and `integer` are the same type in the parse tree.
        #expect(try SQLMeaning(of: Self.original) == SQLMeaning(of: other))
    }

    @Test(arguments: [
        "create table public.trips (id int default 2, note text default 'a  b');",
        "create table public.trips (id int default 1, note text default 'a b');",
        "create table public.trips (id int, note text default 'a  b');",
        "create table public.trips (id int default 1, note text default 'a  b'); select 1;",
        "create table public.\"Trips\" (id int default 1, note text default 'a  b');",
    ])
    func `sees every difference that matters`(_ other: String) throws {
        #expect(try SQLMeaning(of: Self.original) != SQLMeaning(of: other))
    }

    @Test func `is not fooled by text that looks like a place in the tree`() throws {
        let texts = [#"select '"location":1,'"#, #"select '"location":2,'"#]
        #expect(try SQLMeaning(of: texts[0]) != SQLMeaning(of: texts[1]))
    }

    @Test func `calls two statements of one shape alike by fingerprint`() throws {
        #expect(try Fingerprint(of: "select 1").shape == Fingerprint(of: "SELECT  2").shape)
        #expect(try Fingerprint(of: "select 1").shape != Fingerprint(of: "select 1, 2").shape)
        #expect(try Fingerprint(of: "select 1").shape.utf8.count == 16)
    }
}

@Suite struct `Deeply nested input` {
    static func nested(_ levels: Int) -> [String] {
        [
            "create view v as select 1" + String(repeating: "+1", count: levels),
            "create view v as select " + String(repeating: "- ", count: levels) + "a",
            "create view v as select " + String(repeating: "(", count: levels) + "1"
                + String(repeating: ")", count: levels),
            "create view v as select a" + String(repeating: "::t", count: levels),
            "create view v as select 1" + String(repeating: " union select 1", count: levels),
        ]
    }

    /// Runs a body on a dispatch thread, whose stack is small.
    private func onSmallStack(_ body: @escaping @Sendable () -> Int) async -> Int {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: body()) }
        }
    }

    @Test(arguments: [100, 9_000, 100_000])
    func `never ends the process`(_ levels: Int) async throws {
        for script in Self.nested(levels) {
            let count = await onSmallStack {
                do { return try StatementSplitter.split(script).count } catch { return -1 }
            }
            // The parser itself gives up on about 10,000 open brackets; that is an error, not a crash.
            #expect(count == 1 || (count == -1 && levels > 9_000), "\(script.prefix(40))")
            let compared = await onSmallStack { (try? SQLMeaning(of: script)) == nil ? -1 : 1 }
            #expect(compared == count)
            let fingerprinted = await onSmallStack { (try? Fingerprint(of: script)) == nil ? -1 : 1 }
            #expect(fingerprinted == count)
        }
    }

    @Test func `is parsed by many tasks at once`() async throws {
        let script = String(repeating: "create table t (a int default 1); select 'x;';\n", count: 200)
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<16 { group.addTask { try StatementSplitter.split(script).count } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts == Array(repeating: 400, count: 16))
    }
}
