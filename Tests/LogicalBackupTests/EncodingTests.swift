import Diagnostics
import LogicalBackup
import PostgresClient
import PostgresTesting
import Testing

@Suite("Encodings", .tags(.server))
struct EncodingTests {
    private func database(encoding: String) async throws -> ConnectionSettings {
        let scratch = try ScratchDatabase.current
        let settings = try await scratch.emptyDatabase()
        let name = try #require(settings.database)
        let admin = try await scratch.superuserSession()
        try await admin.execute(Query(unsafeSQL: "drop database \(name)"))
        try await admin.execute(
            Query(
                unsafeSQL: "create database \(name) owner postgres encoding '\(encoding)' locale 'C' template template0"
            )
        )
        return settings
    }

    @Test(.scratchDatabase) func `a Latin 1 database comes back with its bytes`() async throws {
        let scratch = try ScratchDatabase.current
        let source = try await database(encoding: "LATIN1")
        let target = try await database(encoding: "LATIN1")
        let session = try await scratch.session(to: source)
        try await session.executeScript(
            """
            create table "Größe" (id int, "ü" text default 'ä');
            insert into "Größe" select n, chr(n) from generate_series(32, 255) n where n not between 127 and 159;
            """
        )
        let repository = try ScratchRepository()
        _ = try await repository.restore(try await repository.backUp(source), into: target)
        try await PgDump.expectSchema(of: target, equals: source)
        let sum = #"select md5(string_agg(convert_to("ü", 'LATIN1'), '' order by id)) from "Größe""#
        let found = try await scratch.session(to: target).query(Query(unsafeSQL: sum)).first?[0]
        #expect(try await session.query(Query(unsafeSQL: sum)).first?[0] == found)
    }

    @Test(.scratchDatabase) func `a database without an encoding is refused`() async throws {
        let source = try await database(encoding: "SQL_ASCII")
        let repository = try ScratchRepository()
        let error = await #expect(throws: BackupError.self) { try await repository.backUp(source) }
        #expect(error?.code == "backup.encoding" && error?.failureClass == .unsupportedVersion)
    }
}
