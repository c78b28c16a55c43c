import PostgresClient
import PostgresTesting
import Testing

@testable import LogicalBackup

@Suite("The size of a database in its backup", .tags(.server))
struct DatabaseSizeTests {
    @Test(.scratchDatabase) func `is left out when the role may not know it, and the transaction goes on`() async throws
    {
        let scratch = try ScratchDatabase.current
        let leader = try await scratch.session()
        let reader = SurroundingsReader(
            leader: leader, options: BackupOptions(environment: [:], toolVersion: "test"))
        #expect(try await reader.databaseBytes() ?? 0 > 1_000_000)
        try await scratch.superuserSession().executeScript("revoke connect on database \(scratch.name) from public")
        // As a monitor it may know it still.
        #expect(try await reader.databaseBytes() ?? 0 > 1_000_000)
        try await leader.executeScript("begin; set local role anon")
        #expect(try await reader.databaseBytes() == nil)
        #expect(try await leader.query("select 'still here'").first?[0] == "still here")
        try await leader.executeScript("rollback")
    }
}
