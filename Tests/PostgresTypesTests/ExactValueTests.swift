import Foundation
import PostgresTypes
import Testing

@Suite("Exact values")
struct ExactValueTests {
    @Test(arguments: [
        ("2000-01-01", 0), ("1999-12-31", -1), ("2000-02-29", 59), ("1970-01-01", -10_957), ("0001-01-01", -730_119),
        ("0001-12-31 BC", -730_120), ("4714-11-24 BC", -2_451_545), ("5874897-12-31", 2_145_031_948),
    ])
    func `a date is a number of days`(text: String, days: Int64) throws {
        let date = try PostgresDate(postgresText: text)
        #expect(Int64(date.daysSince2000) == days && date.postgresText == text)
        #expect(PostgresDate(daysSince2000: days) == date)
    }

    @Test(arguments: [
        "2026-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "0000-01-01", "26-01-01", "2026-1-1", "2026-01-01 ",
        "01/02/2026", "",
        "2026-01-01 AD", "4714-11-23 BC", "5874898-01-01", "today", "Infinity",
    ])
    func `what is no date is refused`(text: String) {
        #expect(throws: PostgresValueError.self) { try PostgresDate(postgresText: text) }
    }

    @Test func `dates are ordered and can be counted on`() throws {
        let day = try #require(PostgresDate(year: 2026, month: 2, day: 28))
        #expect(day.adding(days: 1)?.postgresText == "2026-03-01")
        #expect(day.adding(days: .max) == nil && PostgresDate.infinity.adding(days: 1) == .infinity)
        #expect(PostgresDate.negativeInfinity < day && day < .infinity)
        #expect(day.components?.year == 2026 && PostgresDate.infinity.components == nil)
        #expect(PostgresDate(year: 2023, month: 2, day: 29) == nil && PostgresDate(year: .max, month: 1, day: 1) == nil)
    }

    @Test func `an instant reads every offset and writes UTC`() throws {
        for text in [
            "2026-03-01 12:30:00+00", "2026-03-01 18:00:00+05:30", "2026-03-01 02:30:00-10",
            "2026-03-01 12:49:32+00:19:32",
        ] {
            #expect(try PostgresTimestampTZ(postgresText: text).postgresText == "2026-03-01 12:30:00+00")
        }
        #expect(try PostgresTimestampTZ(postgresText: "2000-01-01 00:00:00.000001+00").microseconds == 1)
    }

    @Test func `an instant becomes a date of Foundation and back`() throws {
        let instant = try PostgresTimestampTZ(postgresText: "2026-03-01 12:30:00.123457+00")
        #expect(instant.date == Date(timeIntervalSince1970: 1_772_368_200.123457))
        #expect(instant.date.flatMap { PostgresTimestampTZ($0) } == instant)
        #expect(PostgresTimestampTZ.infinity.date == nil)
        #expect(PostgresTimestampTZ(.distantFuture)?.postgresText == "4001-01-01 00:00:00+00")
        #expect(PostgresTimestampTZ(Date(timeIntervalSince1970: 1e30)) == nil)
        #expect(PostgresTimestampTZ(Date(timeIntervalSince1970: .nan)) == nil)
    }

    @Test(arguments: [
        "2026-03-01 12:30:00", "2026-03-01T12:30:00+00", "2026-03-01 25:00:00+00", "2026-03-01 12:60:00+00",
        "2026-03-01 12:30:61+00",
        "2026-03-01 12:30:00.1234567+00", "2026-03-01 12:30:00.+00", "2026-03-01 12:30:00+", "294277-01-01 00:00:00+00",
        "Sun Mar 01 12:30:00 2026",
        "4714-11-23 23:59:59+00 BC", "now",
    ])
    func `what is no instant is refused`(text: String) {
        #expect(throws: PostgresValueError.self) { try PostgresTimestampTZ(postgresText: text) }
    }

    @Test func `a time with a zone is no timestamp without one`() {
        #expect(throws: PostgresValueError.self) { try PostgresTimestamp(postgresText: "2026-03-01 12:30:00+00") }
        #expect(throws: PostgresValueError.self) { try PostgresTime(postgresText: "24:00:00.000001") }
        #expect(throws: PostgresValueError.self) { try PostgresTime(postgresText: "12:30") }
        #expect(
            PostgresTime(hour: 13, minute: 5)?.postgresText == "13:05:00" && PostgresTime(hour: 24, minute: 0) == nil)
    }

    @Test(arguments: [
        "1 month", "1 mon 2", "1 mon  2 days", "00:00", "1", "", "--1 days", "P1M", "@ 1 mon", "1 day 00:00:00 2 days",
        "99999999999 days",
    ])
    func `what is no interval is refused`(text: String) {
        #expect(throws: PostgresValueError.self) { try PostgresInterval(postgresText: text) }
    }

    @Test func `months, days and hours stay apart`() throws {
        let interval = try PostgresInterval(postgresText: "-1 years -2 mons +3 days -04:05:06.7")
        #expect(interval == PostgresInterval(months: -14, days: 3, microseconds: -14_706_700_000))
        #expect(PostgresInterval(months: 1) != PostgresInterval(days: 30))
        #expect(try PostgresInterval(postgresText: "-infinity") == .negativeInfinity)
        #expect(PostgresInterval.infinity.postgresText == "infinity")
    }

    @Test(arguments: [
        "", "-", ".", "1e", "1e1000000", "1.2.3", "1,5", " 1", "1 ", "nan", "Inf", "0x1f", "1_000", "--1", "9e131072",
    ])
    func `what is no number is refused`(text: String) {
        #expect(throws: PostgresValueError.self) { try PostgresNumeric(postgresText: text) }
    }

    @Test func `numbers convert where nothing is lost`() throws {
        #expect(
            PostgresNumeric(-1_250, scale: 2).postgresText == "-12.50"
                && PostgresNumeric(5, scale: 3).postgresText == "0.005")
        #expect(
            Int(exactly: PostgresNumeric(1_200, scale: 2)) == 12
                && Int(exactly: PostgresNumeric(1_250, scale: 2)) == nil)
        #expect(Int8(exactly: 128) == nil && Int(exactly: .notANumber) == nil)
        #expect(Double(PostgresNumeric(1_250, scale: 2)) == 12.5 && Double(PostgresNumeric.notANumber).isNaN)
        #expect(Double(PostgresNumeric.negativeInfinity) == -.infinity)
        #expect(
            PostgresNumeric(0.1).postgresText == "0.1" && PostgresNumeric(1e21).postgresText == "1000000000000000000000"
        )
        #expect(PostgresNumeric(-2.0).postgresText == "-2" && PostgresNumeric(.leastNonzeroMagnitude).scale == 324)
        #expect(PostgresNumeric(.infinity) == .infinity && PostgresNumeric(Double.nan).isNaN)
        #expect(PostgresNumeric(UInt64.max).postgresText == "18446744073709551615")
    }

    @Test func `numbers are ordered as the server orders them, with fewer decimals first`() throws {
        let ordered: [PostgresNumeric] = [
            .negativeInfinity, -10, PostgresNumeric(-95, scale: 1), -9, 0, PostgresNumeric(0, scale: 1),
            PostgresNumeric(9, scale: 2), PostgresNumeric(1, scale: 1),
            1, PostgresNumeric(10, scale: 1), 9, 10, .infinity, .notANumber,
        ]
        #expect(ordered.reversed().sorted() == ordered)
    }

    @Test(arguments: [
        "{", "}", "", "{a", "{a,}", "{,a}", "{{a},b}", "{{a},{b,c}}", "{a}{b}", "{a}x", "{\"a}", "[1:2]={a}",
        "[2:1]={}", "[1:1]{a}",
        "{{{{{{{a}}}}}}}", "{a\"b\"}", "{{},{}}", "[1:1]={}", "{a,{b}}", "{\\",
    ])
    func `what is no array is refused`(text: String) {
        #expect(throws: PostgresValueError.self) { try PostgresArray<String>(postgresText: text) }
    }

    @Test func `arrays have a shape that holds their elements`() throws {
        #expect(
            PostgresArray([1, 2, 3, 4], dimensions: [.init(count: 2), .init(lowerBound: 0, count: 2)])?.postgresText
                == "[1:2][0:1]={{1,2},{3,4}}")
        #expect(PostgresArray([1, 2, 3], dimensions: [.init(count: 2), .init(count: 2)]) == nil)
        #expect(PostgresArray<Int>([], dimensions: []) == [])
        #expect(PostgresArray([1, nil]).values == [1] && PostgresArray([1, nil]).count == 2)
        #expect(throws: PostgresValueError("\"x\" is no Int")) { try PostgresArray<Int>(postgresText: "{1,x}") }
    }

    @Test(arguments: [
        "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4/33", "::1/129", ":::", "1::2::3", "12345::", "g::", "1.2.3.4/",
        "1:2:3:4:5:6:7", "+1.2.3.4", "::1%eth0", "",
    ])
    func `what is no address is refused`(text: String) {
        #expect(throws: PostgresValueError.self) { try PostgresInet(postgresText: text) }
    }

    @Test func `addresses are compared by what they mean`() throws {
        #expect(try PostgresInet(postgresText: "10.0.0.1/32") == PostgresInet(address: [10, 0, 0, 1]))
        #expect(try PostgresInet(postgresText: "2001:DB8:0:0:0:0:0:1").postgresText == "2001:db8::1")
        #expect(
            PostgresInet(address: [1, 2, 3]) == nil && PostgresInet(address: [1, 2, 3, 4], prefixLength: 33) == nil)
    }

    @Test func `points, bytes and identifiers refuse what they are not`() {
        for text in ["", "(1)", "(1,2", "1,2", "(a,b)", "(1,2,3)"] {
            #expect(throws: PostgresValueError.self) { try PostgresPoint(postgresText: text) }
        }
        for text in ["\\x0", "\\xzz", "\\9", "\\12"] {
            #expect(throws: PostgresValueError.self) { try PostgresBytes(postgresText: text) }
        }
        #expect(throws: PostgresValueError.self) { try UUID(postgresText: "00000000-0000-0000-0000-00000000000") }
        #expect(
            PostgresPoint(x: 0, y: 0) != PostgresPoint(x: -0.0, y: 0)
                && PostgresPoint(x: .nan, y: 0) == PostgresPoint(x: .nan, y: 0))
    }

    @Test func `an error of a document names the place, not what stands there`() {
        struct Outer: Decodable { let inner: [Inner] }
        struct Inner: Decodable { let name: String }
        let error = #expect(throws: PostgresValueError.self) {
            try JSONText(postgresText: #"{"inner": [{"name": 12345}]}"#).decoded(as: Outer.self)
        }
        #expect(error?.description == "the JSON document is no Outer: inner.Index 0.name is no String")
        #expect(throws: PostgresValueError.self) { try JSONText(encoding: Double.infinity) }
    }
}
