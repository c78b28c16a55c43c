import PostgresClient
import PostgresTesting
import Testing

@testable import Seeding

@Suite("Sizes of seeded rows", .tags(.server))
struct SeedSizeTests {
    @Test(.appDatabase) func `each larger table's size of a row is near what was measured`() async throws {
        let scale = 20
        _ = try await SeedBench().apply(scale)
        let session = try await ScratchDatabase.current.session()
        for table in SeedCatalog.tables {
            let rows = table.rows(at: SeedScale(scale))
            let fixed = try await session.text(
                "select (8192 * (1 + count(*)))::text from pg_index where indrelid = '\(table.displayName)'::regclass")
            let size = try await session.text("select pg_total_relation_size('\(table.displayName)')::text")
            guard let bytes = size.flatMap({ Int($0) }), let empty = fixed.flatMap({ Int($0) }), rows > 0 else {
                continue
            }
            let each = max(0, bytes - empty) / rows
            // Small tables are mostly their first pages.
            guard bytes > 400_000 else { continue }
            #expect(
                (each * 7 / 10...each * 13 / 10).contains(table.bytesPerRow),
                "\(table.displayName): \(each) bytes a row were measured; the file says \(table.bytesPerRow)")
        }
    }
}
