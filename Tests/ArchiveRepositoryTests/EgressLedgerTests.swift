import Diagnostics
import Foundation
import SealedStreams
import Synchronization
import Testing

@testable import ArchiveRepository

@Suite("The ledger of egress")
struct EgressLedgerTests {
    private let clock = LedgerClock()
    private let store: MemoryBlobStore
    private let writer: WriterAccess
    private var ledger: EgressLedger { EgressLedger(records: SealedRecords(writer: writer)) }

    init() throws {
        let clock = clock
        store = MemoryBlobStore { clock.now }
        let keys = try KeyGeneration()
        let repository = try Repository.create(
            in: store, holders: [.recipient(try AgeIdentity().recipient)], generation: keys)
        writer = try repository.writer(key: keys.writerKey)
    }

    private func run(_ day: String, _ suffix: String = "000000") throws -> BackupID {
        try #require(BackupID("\(day)T021500Z-\(suffix)"))
    }

    private func note(_ bytes: Int, _ source: String = "ref", hasBackup: Bool = true) -> EgressNote {
        EgressNote(source: source, hasBackup: hasBackup, bytes: bytes, tables: ["public.a": bytes])
    }

    @Test func `adds up the runs of a month, failed ones too, and begins anew with the next`() throws {
        let november = try #require(EgressMonth("2026-11"))
        #expect(try ledger.totals(of: november) == EgressTotals(month: november))
        try ledger.add(note(100), of: run("20261103"))
        try ledger.add(note(20, hasBackup: false), of: run("20261104"))
        try ledger.add(note(5_000, EgressNote.local), of: run("20261105"))
        try ledger.add(note(3, "elsewhere"), of: run("20261130"))
        try ledger.add(note(7), of: run("20261201"))
        let totals = try ledger.totals(of: november)
        #expect(totals.sources == ["ref": 120, "local": 5_000, "elsewhere": 3])
        #expect(totals.runs == 4)
        #expect(totals.firstDay == 3)
        #expect(totals.bytes(beside: "ref") == 123)
        #expect(totals.bytes(beside: EgressNote.local) == 5_000)
        #expect(try ledger.totals(of: try #require(EgressMonth("2026-12"))).sources == ["ref": 7])
    }

    @Test func `passes over what no key opens, and says how many`() throws {
        try ledger.add(note(100), of: run("20261103"))
        try store.put(Array("nonsense".utf8), as: EgressEntryName(try run("20261104")).blob)
        // One that was put in the place of another.
        let stolen = try store.bytes(of: EgressEntryName(try run("20261103")).blob)
        try store.put(stolen, as: EgressEntryName(try run("20261105")).blob)
        let totals = try ledger.totals(of: try #require(EgressMonth("2026-11")))
        #expect(totals.sources == ["ref": 100])
        #expect(totals.unreadable == 2)
        let problems = try ledger.problems()
        #expect(problems.map(\.kind) == [.damaged, .damaged])
        #expect(problems.map(\.object) == (try ["20261104", "20261105"].map { try EgressEntryName(try run($0)).blob }))
        #expect(problems.allSatisfy { $0.finding.remedy?.sentence.contains("No backup needs it") == true })
        #expect(try ledger.holds(run("20261103")) && !ledger.holds(run("20261106")))
    }

    /// The clock of one machine may be ahead of that of another.
    @Test func `goes by the store's clock where names are out of order`() throws {
        try ledger.add(note(100), of: run("20261120"))
        clock.advance(by: 60)
        try ledger.add(note(1), of: run("20261119"))
        #expect(try ledger.totals(of: try #require(EgressMonth("2026-11"))).sources == ["ref": 101])
    }

    @Test func `names the tables that cost most, and no more than twenty`() throws {
        var note = note(1)
        note.tables = Dictionary(uniqueKeysWithValues: (1...50).map { ("t\($0)", $0) })
        let id = try run("20261103")
        try ledger.add(note, of: id)
        let entry = try SealedRecords(writer: writer)
            .content(EgressEntry.self, of: EgressEntryName(id).blob, kind: .mark)
        #expect(Set(entry.tables.values) == Set(31...50))
    }

    @Test func `belongs to a repository, and its old entries go with a prune`() throws {
        #expect(ObjectRole(try EgressEntryName(try run("20261103")).blob) != .foreign)
        for wrong in ["egress/2026-12/20261103T021500Z-000000", "egress/2026-11/x", "egress/20261103T021500Z-000000"] {
            #expect(ObjectRole(try #require(BlobName(wrong))) == .foreign)
        }
        let names = try ["20250930", "20251001", "20251101", "20261101"].map { EgressEntryName(try run($0)) }
        let now = try Date("2026-11-27T00:00:00Z", strategy: .iso8601)
        #expect(EgressLedger.outdated(names, now: now) == [names[0]])
    }

    @Test(arguments: [("2026-02", 28), ("2028-02", 29), ("2100-02", 28), ("2026-11", 30), ("2026-12", 31)])
    func `knows how long months are`(month: String, days: Int) throws {
        #expect(try #require(EgressMonth(month)).days == days)
    }

    @Test(arguments: ["2026-13", "2026-00", "26-11", "2026-1", ""])
    func `knows what is no month`(text: String) { #expect(EgressMonth(text) == nil) }
}

private final class LedgerClock: Sendable {
    private let date = Mutex(Date(timeIntervalSince1970: 1_790_000_000))
    var now: Date { date.withLock { $0 } }
    func advance(by seconds: TimeInterval) { date.withLock { $0 += seconds } }
}
