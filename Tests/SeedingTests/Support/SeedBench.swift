import CatalogInspection
import PostgresClient
import PostgresTesting

@testable import Seeding

/// What tests of seeding do with a database.
struct SeedBench: Sendable {
    let settings: ConnectionSettings

    init() throws { settings = try ScratchDatabase.current.settings }
    init(_ settings: ConnectionSettings) { self.settings = settings }

    /// A runner as on the embedded server, where the guard has nothing to say.
    func runner(_ scale: Int, _ change: (inout SeedOptions) -> Void = { _ in }) -> SeedRunner {
        var options = SeedOptions(scale: SeedScale(scale))
        options.place.isEmbedded = true
        options.password = "correct horse 42"
        change(&options)
        return SeedRunner(settings: settings, options: options)
    }

    func apply(_ scale: Int, _ change: (inout SeedOptions) -> Void = { _ in }) async throws -> SeedReport {
        try await runner(scale, change).apply()
    }

    /// The error of a run that must not succeed.
    func failure(_ scale: Int = 1, _ change: (inout SeedOptions) -> Void = { _ in }) async throws -> SeedError {
        do {
            _ = try await apply(scale, change)
        } catch let error as SeedError {
            return error
        }
        throw Succeeded()
    }

    struct Succeeded: Error {}

    /// A digest of each seeded table's rows as text; the order of rows plays no part.
    static func digests(_ session: Session) async throws -> [String: String] {
        try await session.withTransaction { session in
            try await session.executeScript(PinnedSettings.script)
            var digests: [String: String] = [:]
            for table in SeedCatalog.tables {
                let sql = """
                    select count(*)::text || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text collate "C")), '')
                    from \(table.qualifiedName) t
                    """
                digests[table.displayName] = try await session.query(Query(unsafeSQL: sql)).first?[0] ?? ""
            }
            return digests
        }
    }
}

extension Session {
    /// The first column of all rows, NULL left out.
    func texts(_ sql: String) async throws -> [String] { try await query(Query(unsafeSQL: sql)).compactMap { $0[0] } }

    /// The first field.
    func text(_ sql: String) async throws -> String? { try await query(Query(unsafeSQL: sql)).first?[0] }
}

/// The bytes that a table's rows are copied from.
enum SeedBytes {
    static let inputs = RowWriter.Inputs(passwordHash: "$2a$10$the-hash-of-the-shared-password")

    static func of(_ table: SeedTable, at scale: Int) -> [UInt8] {
        var cursor = KeyCursor(table.population, scale: SeedScale(scale))
        var writer = RowWriter(table, inputs: inputs)
        while let key = cursor.next() { writer.row(key, of: table) }
        return writer.bytes
    }

    /// Count of rows, count of bytes and FNV-1a of the bytes.
    static func digest(_ table: SeedTable, at scale: Int) -> String {
        let bytes = of(table, at: scale)
        let rows = bytes.count { $0 == UInt8(ascii: "\n") }
        let hash = String(SeedHash.fnv1a(bytes), radix: 16)
        return "\(rows) \(bytes.count) \(String(repeating: "0", count: 16 - hash.count))\(hash)"
    }
}
