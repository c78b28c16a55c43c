import DataModels
import Foundation
import PostgresClient
import PostgresTesting
import PostgresTypes
import Testing

@Suite("Values and the server", .tags(.server))
struct TypeRoundTripTests {
    /// Sends values as one array and reads them back one a row, so that arrays are tried as well.
    private static func sent<Value: PostgresValue & Hashable>(
        _ values: [Value],
        as type: String,
        on session: Session
    ) async throws -> [String] {
        let sql = "select v from pg_catalog.unnest($1::\(type)[]) with ordinality u(v, place) order by place"
        let rows = try await session.query(Query(unsafeSQL: sql, parameters: [PostgresArray(values).postgresText]))
        return rows.compactMap { $0[0] }
    }

    /// What comes back is the same value; where the type has one text form only, also the same text.
    private static func comesBack<Value: PostgresValue & Hashable>(
        _ values: [Value],
        as type: String,
        exactText: Bool = true,
        on session: Session
    ) async throws {
        let texts = try await sent(values, as: type, on: session)
        #expect(texts.count == values.count, "\(type)")
        for (value, text) in zip(values, texts) {
            #expect(try Value(postgresText: text) == value, "\(type): \(value.postgresText) came back as \(text)")
            if exactText { #expect(text == value.postgresText, "\(type)") }
        }
    }

    /// What the server writes for a literal is read and written as the same text.
    private static func reads<Value: PostgresValue>(
        _ literals: [String],
        as type: String,
        _ swift: Value.Type,
        on session: Session
    ) async throws {
        for literal in literals {
            let row = try await session.query("select \(literal)::text::\(unsafeSQL: type) as v").first
            let text = try #require(row?[0])
            #expect(try Value(postgresText: text).postgresText == text, "\(type) \(literal)")
        }
    }

    @Test(.scratchDatabase) func `dates come back, from the first day to the last`() async throws {
        let session = try await ScratchDatabase.current.session()
        var random = FixedRandom()
        let numbers =
            [-2_451_545, 2_145_031_948, 0, -1, 1, -730_120, -730_119, 59, 60]
            + (0..<2_000).map { _ in random.number(in: -2_451_545...2_145_031_948) }
            + (0..<2_000).map { _ in random.number(in: -800_000...50_000) }
        let days = numbers.compactMap { PostgresDate(daysSince2000: $0) }
        #expect(days.count == numbers.count)
        try await Self.comesBack(days + [.infinity, .negativeInfinity], as: "date", on: session)
        // The server's own arithmetic, so that two equal mistakes in reading and writing are found.
        let sql = "select date '2000-01-01' + d from pg_catalog.unnest($1::int[]) with ordinality u(d, n) order by n"
        let texts = try await session.query(
            Query(unsafeSQL: sql, parameters: [PostgresArray(days.map(\.daysSince2000)).postgresText]))
        #expect(texts.map { $0[0] } == days.map(\.postgresText))
    }

    @Test(.scratchDatabase, arguments: ["UTC", "Asia/Kolkata", "America/St_Johns", "Europe/Amsterdam", "Pacific/Apia"])
    func `instants come back in any time zone`(zone: String) async throws {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript("set timezone = '\(zone)'")
        var random = FixedRandom()
        let range = Int64(-211_813_488_000_000_000)...Int64(9_223_371_331_199_999_999)
        let numbers: [Int64] =
            [range.lowerBound, range.upperBound, 0, -1, 1, 999_999, -63_113_904_000_000_000]
            + (0..<1_000).map { _ in random.number(in: range) }
            + (0..<1_000).map { _ in random.number(in: -9_000_000_000_000_000...900_000_000_000_000) }
        let instants = numbers.compactMap { PostgresTimestampTZ(microseconds: $0) }
        #expect(instants.count == numbers.count)
        let all = instants + [.infinity, .negativeInfinity]
        try await Self.comesBack(all, as: "timestamptz", exactText: zone == "UTC", on: session)
        let plain = numbers.compactMap { PostgresTimestamp(microseconds: $0) } + [.infinity, .negativeInfinity]
        try await Self.comesBack(plain, as: "timestamp", on: session)
        // The server counts from the same moment.
        let sent = try await Self.sent(instants, as: "timestamptz", on: session)
        let seconds = try await session.query(
            Query(
                unsafeSQL: """
                    select ('x' || encode(pg_catalog.timestamptz_send(v), 'hex'))::bit(64)::bigint
                    from pg_catalog.unnest($1::timestamptz[]) with ordinality u(v, n) order by n
                    """, parameters: [PostgresArray(sent).postgresText]))
        #expect(seconds.map { $0[0] } == instants.map { String($0.microseconds) })
    }

    @Test(.scratchDatabase) func `times and intervals come back`() async throws {
        let session = try await ScratchDatabase.current.session()
        var random = FixedRandom()
        let times =
            ([0, 1, 86_399_999_999, 86_400_000_000] + (0..<500).map { _ in random.number(in: 0...86_400_000_000) })
            .compactMap { PostgresTime(microseconds: $0) }
        try await Self.comesBack(times, as: "time", on: session)
        var intervals = [
            PostgresInterval(), PostgresInterval(months: .max, days: .max, microseconds: .max - 1),
            PostgresInterval(months: -1, days: 2, microseconds: -3),
            PostgresInterval(months: 1, days: -1, microseconds: 1), PostgresInterval(months: -13),
            PostgresInterval(days: -1), PostgresInterval(microseconds: -1),
            PostgresInterval(months: .min, days: .min, microseconds: .min + 1), PostgresInterval(months: 12),
            PostgresInterval(months: 11, microseconds: 3_600_000_000),
        ]
        for _ in 0..<1_000 {
            intervals.append(
                PostgresInterval(
                    months: Int32(random.number(in: -300...300)), days: Int32(random.number(in: -100...100)),
                    microseconds: random.number(in: -90_000_000_000_000...90_000_000_000_000)))
        }
        try await Self.comesBack(intervals, as: "interval", on: session)
        try await session.executeScript("set intervalstyle = 'sql_standard'")
        let texts = try await session.query(
            Query(
                unsafeSQL: "select ($1::interval[])[3] = interval '-1 mons +2 days -00:00:00.000003'",
                parameters: [PostgresArray(intervals).postgresText]))
        #expect(texts.first?[0] == "t")
    }

    @Test(.scratchDatabase) func `numbers keep every digit`() async throws {
        let session = try await ScratchDatabase.current.session()
        var random = FixedRandom()
        var numbers: [PostgresNumeric] = [
            0, 1, -1, .notANumber, .infinity, .negativeInfinity, PostgresNumeric(0, scale: 5),
            PostgresNumeric(100, scale: 2),
            PostgresNumeric(.min, scale: 0), PostgresNumeric(.max, scale: 30),
            try PostgresNumeric(postgresText: String(repeating: "9", count: 131_072)),
            try PostgresNumeric(postgresText: "-0." + String(repeating: "0", count: 16_382) + "1"),
        ]
        for _ in 0..<1_000 {
            let digits = (0..<random.number(in: 1...60)).map { _ in String(random.number(in: 0...9)) }.joined()
            let sign = random.number(in: 0...1) == 0 ? "" : "-"
            numbers.append(try PostgresNumeric(postgresText: "\(sign)\(digits)e\(random.number(in: -40...40))"))
        }
        try await Self.comesBack(numbers, as: "numeric", on: session)
        // The server orders them the same way.
        let sorted = try await session.query(
            Query(
                unsafeSQL: "select v from pg_catalog.unnest($1::numeric[]) v order by v, scale(v)",
                parameters: [PostgresArray(numbers).postgresText]))
        #expect(sorted.map { $0[0] } == numbers.sorted().map(\.postgresText))
        let one = try await session.query("select 1.0::numeric = 1.00::numeric")
        #expect(one.first?[0] == "t" && PostgresNumeric(10, scale: 1) != PostgresNumeric(100, scale: 2))
        #expect(PostgresNumeric(10, scale: 1).isNumericallyEqual(to: PostgresNumeric(100, scale: 2)))
        try await Self.reads(
            ["1e3", "1.50e-10", ".5", "00012.300", "-0.00", "+7"], as: "numeric", PostgresNumeric.self, on: session)
        for literal in ["1e3", "1.50e-10", ".5", "00012.300", "-0.00", "+7", "12.e2", "1e-3"] {
            let text = try await session.query("select \(literal)::text::numeric").first?[0]
            #expect(try PostgresNumeric(postgresText: literal).postgresText == text, "\(literal)")
        }
    }

    @Test(.scratchDatabase) func `floats, points, bytes and identifiers come back`() async throws {
        let session = try await ScratchDatabase.current.session()
        var random = FixedRandom()
        var doubles: [Double] = [
            0, -0.0, .pi, .greatestFiniteMagnitude, .leastNonzeroMagnitude, .infinity, -.infinity, 1e15, 1e16, 0.0001,
            0.00001,
        ]
        var floats: [Float] = [
            0, -0.0, .pi, .greatestFiniteMagnitude, .leastNonzeroMagnitude, .infinity, -.infinity, 1e6, 1e7,
        ]
        for _ in 0..<1_000 {
            let double = Double(bitPattern: UInt64(bitPattern: random.number(in: .min ... .max)))
            if double.isFinite { doubles.append(double) }
            let float = Float(bitPattern: UInt32(truncatingIfNeeded: random.number(in: .min ... .max)))
            if float.isFinite { floats.append(float) }
        }
        try await Self.comesBack(doubles, as: "float8", exactText: false, on: session)
        try await Self.comesBack(floats, as: "float4", exactText: false, on: session)
        let points =
            zip(doubles, doubles.reversed()).map { PostgresPoint(x: $0, y: $1) } + [PostgresPoint(x: .nan, y: -.nan)]
        try await Self.comesBack(points, as: "point", exactText: false, on: session)
        let bytes =
            [PostgresBytes([]), PostgresBytes(0...255)]
            + (0..<50).map { count in
                PostgresBytes((0..<count).map { _ in UInt8(random.number(in: 0...255)) })
            }
        try await Self.comesBack(bytes, as: "bytea", on: session)
        try await session.executeScript("set bytea_output = 'escape'")
        try await Self.comesBack(bytes, as: "bytea", exactText: false, on: session)
        let ids = (0..<100).map { _ in UUID() } + [UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))]
        try await Self.comesBack(ids, as: "uuid", on: session)
    }

    @Test(.scratchDatabase) func `network addresses come back as the server writes them`() async throws {
        let session = try await ScratchDatabase.current.session()
        var random = FixedRandom()
        var addresses: [PostgresInet] = []
        for count in [4, 16] {
            for _ in 0..<1_500 {
                // Zeros and ones often, for the short forms.
                let bytes = (0..<count).map { _ in
                    [0, 0, 0, 1, 255, UInt8(random.number(in: 0...255))][Int(random.number(in: 0...5))]
                }
                let words =
                    count == 16 && random.number(in: 0...1) == 0
                    ? (0..<8).flatMap { _ in
                        random.number(in: 0...2) == 0 ? [UInt8(random.number(in: 0...255)), 7] : [0, 0]
                    } : bytes
                let bits = random.number(in: 0...1) == 0 ? nil : Int(random.number(in: 0...Int64(count * 8)))
                addresses += [PostgresInet(address: words, prefixLength: bits)].compactMap(\.self)
            }
        }
        try await Self.comesBack(addresses, as: "inet", on: session)
        try await Self.reads(
            [
                "::", "::1", "::ffff:1.2.3.4", "::1.2.3.4", "1::", "1:0:0:2::3", "fe80::1/64", "10.0.0.0/8",
                "0.0.0.0/0", "::ffff:0:1.2.3.4", "0:0:0:0:0:0:0:2",
            ],
            as: "inet", PostgresInet.self, on: session)
    }

    @Test(.scratchDatabase) func `arrays come back with NULLs, bounds, nesting and every character`() async throws {
        let session = try await ScratchDatabase.current.session()
        try await Self.reads(
            [
                "{}", "{NULL}", "{\"NULL\",null,\"null\"}", "{\"\"}", "{\" \",\"a b\"}",
                #"{"a,b","{c}","d\"e","f\\g"}"#, "{{a,b},{c,NULL}}",
                "[2:3]={a,b}", "[-1:0][5:6]={{a,b},{c,d}}", "{{{{{{x}}}}}}", "{\"\n\t\r\u{b}\u{c}\",ü,🚐}",
                " { a , b c } ", "{nULLs,\\NULL}",
            ], as: "text[]", PostgresArray<String>.self, on: session)
        try await Self.reads(
            ["{1,-2147483648,2147483647,NULL}", "[0:1]={7,8}"], as: "int[]", PostgresArray<Int32>.self, on: session)
        var random = FixedRandom()
        let pieces = [
            "", " ", "NULL", "null", "\"", "\\", "{", "}", ",", "a", "Ä", "🚐", "\n", "\u{a0}", "'", ";", "0", "=",
            "[1:1]=",
        ]
        for _ in 0..<500 {
            let items: [String?] = (0..<random.number(in: 1...6)).map { _ in
                random.number(in: 0...5) == 0
                    ? nil
                    : (0..<random.number(in: 0...3)).map { _ in
                        pieces[Int(random.number(in: 0...Int64(pieces.count - 1)))]
                    }.joined()
            }
            let array = PostgresArray(items)
            let row = try await session.query("select \(array)::text[] as a, array_to_json(\(array)::text[]) as j")
                .first
            #expect(row?[0] == array.postgresText)
            let json = try JSONText(postgresText: row?[1] ?? "").decoded(as: [String?].self)
            #expect(json == items, "\(array.postgresText)")
            #expect(try PostgresArray<String>(postgresText: array.postgresText) == array)
        }
    }

    @Test(.scratchDatabase) func `JSON keeps its text, and typed columns are sent and read`() async throws {
        struct Preferences: Codable, Equatable {
            var name: String
            var tags: [String]?
        }
        let session = try await ScratchDatabase.current.session()
        try await Self.reads([#"{"b":1,  "a" : 2.50}"#, "1e400", "[]", "null"], as: "json", JSONText.self, on: session)
        try await Self.reads(
            [#"{"b":1,"a":2.50}"#, "12345678901234567890.123", "\"\\u00fc\""], as: "jsonb", JSONText.self, on: session)
        let column = try JSONColumn(Preferences(name: "Größe \"x\" /y", tags: ["a"]))
        let row = try #require(
            try await session.query("select \(column)::jsonb as preferences, \("[1]")::jsonb as other").first)
        #expect(try row.value("preferences", as: JSONColumn<Preferences>.self).value == column.value)
        let error = #expect(throws: PostgresValueError.self) {
            try row.value("other", as: JSONColumn<Preferences>.self)
        }
        #expect(
            error?.description
                == "field \"other\": the JSON document is no Preferences: the whole is no Dictionary<String, Any>")
    }
}

/// Numbers that look random and are the same in every run.
struct FixedRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64 = 20_260_101

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }

    mutating func number(in range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &self) }
}
