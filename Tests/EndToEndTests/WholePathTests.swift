import Foundation
import LocalPostgres
import PostgresClient
import PostgresTesting
import Testing

@Suite("The whole path", .tags(.server))
struct WholePathTests {
    @Test(.scratchDatabase(era: .apiRolesGetAll))
    func `the app's schema and rows come back equal in a project of before 2026`() async throws {
        try await appComesBack()
    }

    @Test(.scratchDatabase(era: .apiRolesGetNone))
    func `the app's schema and rows come back equal in a project of today`() async throws {
        try await appComesBack()
    }

    private func appComesBack() async throws {
        let scratch = try ScratchDatabase.current
        let work = try Workplace()
        let target = try await scratch.anotherDatabase()
        let migrations = ["--migrations", Workplace.package.appendingPathComponent("migrations").path]
        for attempt in 1...2 {
            let up = try await work.run(["migrate", "up", "--json"] + migrations, on: scratch.settings)
            #expect(up.status == 0, "attempt \(attempt): \(up)")
        }
        let rows = Workplace.package.appendingPathComponent("Examples/demo-rows.sql")
        try await scratch.session().executeScript(try String(contentsOf: rows, encoding: .utf8))

        #expect(try await work.makeRepository().status == 0)
        let backup = try await work.backUp(scratch.settings)
        #expect(backup.status == 0, "\(backup)")
        #expect(try backup.json()["rows"] as? Int ?? 0 > 100_000)
        let verify = try await work.run(["backup", "verify"] + work.keys)
        #expect(verify.status == 0, "\(verify)")
        let restore = try await work.restore(into: target)
        #expect(restore.status == 0, "\(restore)")
        #expect(try restore.json()["proof"] is [String: Any])
        try await PgDump.expectSchema(of: target, equals: scratch.settings)
        let status = try await work.run(["migrate", "status"] + migrations, on: target)
        #expect(status.status == 0, "\(status)")
    }
}
