import Diagnostics
import ProjectHealth
import Testing

@testable import wheels_db

@Suite("How full a database is")
struct DatabaseFillTests {
    private func fill(_ bytes: Int64, of plan: Int64? = 500_000_000) -> DatabaseFill {
        DatabaseFill(bytes: bytes, plan: plan)
    }

    @Test func `says bytes, and the part of the plan`() {
        #expect(fill(60_000_000).sentence == "The database has 60.0 MB, 12 % of the 500.0 MB of its plan.")
        #expect(fill(60_000_000, of: nil).sentence == "The database has 60.0 MB.")
        #expect(fill(60_000_000).health.state == "60.0 MB of 500.0 MB")
        #expect(fill(7, of: nil).health.state == "7 B")
    }

    @Test(arguments: [
        (399_000_000, false, false), (400_000_000, true, false), (474_000_000, true, false), (475_000_000, true, true),
        (700_000_000, true, true),
    ])
    func `is a warning from 80 % on, and degrades health from 95 % on`(bytes: Int64, warns: Bool, degrades: Bool) {
        let fill = fill(bytes)
        #expect((fill.finding != nil) == warns)
        #expect((fill.health.problem != nil) == degrades)
        // The same words wherever it is told.
        if warns { #expect(fill.finding?.message == fill.sentence) }
        if degrades { #expect(fill.health.problem == fill.sentence && fill.sentence.hasSuffix("turns read only.")) }
    }

    @Test(arguments: [nil, 0]) func `is never a warning without a plan`(plan: Int64?) {
        #expect(fill(1 << 50, of: plan).finding == nil && fill(1 << 50, of: plan).health.isHealthy)
    }
}
