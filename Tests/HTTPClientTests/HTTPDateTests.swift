import Foundation
import HTTPClient
import Testing

@Suite("Dates of HTTP")
struct HTTPDateTests {
    @Test(arguments: [
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0), ("Fri, 27 Nov 2026 00:37:35 GMT", 1_795_739_855),
        ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199), ("Sat, 01 Mar 2025 00:00:00 GMT", 1_740_787_200),
        ("Sun, 01 Mar 2100 00:00:00 GMT", 4_107_542_400),
    ])
    func `a date is the second that it names`(text: String, seconds: Double) {
        #expect(HTTPDate.date(text) == Date(timeIntervalSince1970: seconds))
    }

    @Test(arguments: [
        "", "now", "Fri, 27 Nov 2026", "Fri, 27 Nov 2026 00:37:35 CET", "Fri, 32 Nov 2026 00:37:35 GMT",
        "Fri, 27 Foo 2026 00:37:35 GMT", "Fri, 27 Nov 2026 24:00:00 GMT", "Fri, 27 Nov 2026 00:37 GMT",
        "Friday, 27-Nov-26 00:37:35 GMT", "2026-11-27T00:37:35Z",
    ])
    func `other texts are no dates`(text: String) {
        #expect(HTTPDate.date(text) == nil)
    }
}
