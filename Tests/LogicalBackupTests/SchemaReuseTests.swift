import CatalogInspection
import LocalPostgres
import PostgresClient
import PostgresTesting
import SealedStreams
import Testing

@testable import ArchiveRepository
@testable import LogicalBackup

@Suite("The schema of the last backup, used again", .tags(.server))
struct SchemaReuseTests {
    /// On a server of its own: roles belong to the whole server, and other tests make some at any moment.
    @Test func `spares pg_dump while nothing has changed, and the ledger adds it up`() async throws {
        try await withThrowawayServer(binaries: ThrowawayServer.binaries) { server in
            try await server.createSupabaseDatabase(named: "app")
            let settings = server.settings(database: "app")
            let session = try await Session.connect(to: settings)
            try await session.executeScript(
                "create table public.notes (id int, body text); insert into public.notes values (1, 'x')")
            let repository = try ScratchRepository()
            let first = try await repository.backUp(settings)
            #expect(first.surroundings.bytesNotCounted == [])
            #expect(first.surroundings.bytesReceived > 200_000, "\(first.surroundings.bytesReceived) bytes")

            try await session.executeScript(
                "insert into public.notes values (2, 'y'); create temporary table busy (id int); analyze")
            let second = try await repository.backUp(settings)
            #expect(second.schema == first.schema)
            #expect(second.schemaArchive == first.schemaArchive)
            #expect(second.schemaSQL == first.schemaSQL)
            // What is left are the queries of the run itself.
            #expect(second.surroundings.bytesReceived < 150_000, "\(second.surroundings.bytesReceived) bytes")

            let target = server.settings(database: "copy")
            try await server.createSupabaseDatabase(named: "copy")
            _ = try await repository.restore(second, into: target)

            try await session.executeScript("comment on table public.notes is 'changed'")
            let third = try await repository.backUp(settings)
            #expect(third.schemaSQL != second.schemaSQL)
            await session.close()

            let run = try #require(BackupID(third.backup))
            let totals = try EgressLedger(records: SealedRecords(writer: repository.writer))
                .totals(of: EgressMonth(of: run))
            #expect(totals.runs == 3)
            let received = [first, second, third].map(\.surroundings.bytesReceived)
            #expect(totals.bytes(beside: EgressNote.local) == received.reduce(0, +))
        }
    }

    @Test(.scratchDatabase) func `a run that fails is in the ledger too`() async throws {
        let scratch = try ScratchDatabase.current
        let holder = try await scratch.session()
        try await holder.executeScript("create table public.held (id int)")
        try await holder.execute("begin")
        try await holder.execute("lock table public.held in access exclusive mode")
        let repository = try ScratchRepository()
        await #expect(throws: BackupError.self) {
            try await repository.backUp(scratch.settings, lockTimeout: "200ms")
        }
        let names = try EgressLedger.names(in: repository.repository.store)
        #expect(names.count == 1)
        let entry = try SealedRecords(writer: repository.writer)
            .content(EgressEntry.self, of: try #require(names.first).blob, kind: .mark)
        #expect(!entry.hasBackup)
        #expect(entry.bytes > 0)
    }

    @Test(.scratchDatabase) func `is not used again after a change, a restart or the loss of an object`() async throws {
        let scratch = try ScratchDatabase.current
        let session = try await scratch.session()
        let repository = try ScratchRepository()
        var manifest = try await repository.backUp(scratch.settings)
        manifest.schema = nil
        let first = try await Self.schema(repository, previous: manifest)
        #expect(first.reasons == ["the last backup has no fingerprint of its schema"])
        #expect(first.received > 100_000, "\(first.received) bytes")

        manifest.schema = first.part.fingerprint
        let restarted = try await Self.schema(repository, previous: manifest, serverIsAsBefore: false)
        #expect(restarted.reasons.contains("the server was restarted, restored or replaced"))

        try await session.executeScript("create function public.f() returns int language sql as 'select 1'")
        let changed = try await Self.schema(repository, previous: manifest)
        #expect(changed.reasons.contains { $0.contains("pg_depend, pg_proc") }, "\(changed.reasons)")

        manifest.schema = changed.part.fingerprint
        try repository.repository.store.delete(manifest.schemaSQL.name)
        let lost = try await Self.schema(repository, previous: manifest)
        #expect(!lost.reasons.isEmpty)
        if case .same = lost.part.content { Issue.record("an object that is gone was used") }
    }

    @Test func `depends on the program, on what it is told, and on the roles`() throws {
        let catalogs = CatalogDigests(digests: ["pg_class": "0123456789abcdef"], notReadable: [])
        func fingerprint(
            _ catalogs: CatalogDigests,
            program: String = "pg_dump (PostgreSQL) 15.8",
            inputs: [String] = ["--schema-only", "app"],
            roles: String = "-- CREATE ROLE a;"
        ) throws -> SchemaFingerprint {
            try SchemaFingerprint(catalogs: catalogs, program: program, inputs: inputs, roleScript: roles)
        }
        let before = try fingerprint(catalogs)
        #expect(before.reasonsToDump(after: before, serverIsAsBefore: true) == [])
        let others = [
            try fingerprint(catalogs, program: "pg_dump (PostgreSQL) 15.9"),
            try fingerprint(catalogs, inputs: ["--schema-only", "", "app"]),
            try fingerprint(catalogs, inputs: ["--schema-onlya", "pp"]),
            try fingerprint(catalogs, roles: ""),
            try fingerprint(CatalogDigests(digests: ["pg_class": "0123456789abcdee"], notReadable: [])),
            try fingerprint(CatalogDigests(digests: ["pg_class": "0123456789abcdef", "pg_new": "0"], notReadable: [])),
            try fingerprint(CatalogDigests(digests: ["pg_class": "0123456789abcdef"], notReadable: ["pg_policy"])),
        ]
        for other in others {
            #expect(other.reasonsToDump(after: before, serverIsAsBefore: true).count == 1)
            #expect(before.reasonsToDump(after: other, serverIsAsBefore: true).count == 1)
        }
        #expect(before.reasonsToDump(after: nil, serverIsAsBefore: true).count == 1)
        #expect(before.reasonsToDump(after: before, serverIsAsBefore: false).count == 1)
    }

    private static func schema(
        _ repository: ScratchRepository,
        previous: BackupManifest,
        serverIsAsBefore: Bool = true
    ) async throws -> (part: SchemaPart, reasons: [String], received: Int) {
        let leader = try await ScratchDatabase.current.session()
        let meter = EgressMeter()
        let source = SchemaSource(
            programs: try await ClientPrograms.find(environment: ScratchRepository.environment, atLeast: 15),
            environment: ScratchRepository.environment,
            folder: try TemporaryFolder(environment: ScratchRepository.environment),
            meter: meter,
            repository: repository.repository,
            previous: previous
        )
        let snapshot = try #require(try await LockedSnapshot.take(on: leader, lockTimeout: "5s"))
        let part = try await source.schema(
            leader, snapshot: snapshot.id, roleScript: "-- no roles", serverIsAsBefore: serverIsAsBefore)
        try await leader.execute("rollback")
        return (try #require(part), try #require(part).reasons, meter.others)
    }
}
