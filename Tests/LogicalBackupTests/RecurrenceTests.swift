import Foundation
import Testing

@testable import LogicalBackup

@Suite struct RecurrenceTests {
    @Test(
        arguments: [
            (7 * 86_400.0, 7 * 86_400.0, true), (7 * 86_400, 7 * 86_400 - 3_600, true),
            (7 * 86_400, 7 * 86_400 - 3_601, false), (7 * 86_400, 6 * 86_400, false), (3_600, 3_241, true),
            (3_600, 3_239, false), (0, 0, true), (86_400, -60, false),
        ] as [(Double, Double, Bool)])
    func `is due a little before its time, and never long before`(every: Double, after: Double, isDue: Bool) {
        let last = Date(timeIntervalSince1970: 1_000_000)
        #expect(Recurrence(every: every).isDue(last: last, now: last.addingTimeInterval(after)) == isDue)
    }
}
