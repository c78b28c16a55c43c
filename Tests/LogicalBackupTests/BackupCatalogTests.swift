import LogicalBackup
import PostgresClient
import PostgresTesting
import Testing

@Suite("The list of backups", .tags(.server))
struct BackupCatalogTests {
    @Test(.scratchDatabase) func `latest is the youngest also of backups of one second`() async throws {
        let scratch = try ScratchDatabase.current
        let session = try await scratch.session()
        try await session.executeScript("create table public.n (n int)")
        let repository = try ScratchRepository()
        let catalog = BackupCatalog(repository: repository.repository, access: repository.writer)
        for count in 1...6 {
            try await session.execute("insert into public.n values (1)")
            let made = try await repository.backUp(scratch.settings, jobs: 1)
            let latest = try catalog.manifest("latest")
            #expect(latest.backup == made.backup)
            #expect(latest.tables.first { $0.rows == count } != nil)
        }
        #expect(try catalog.list().count == 6)
    }
}
