import ArchiveRepository
import Diagnostics
import Foundation
import PostgresTesting
import Testing

@testable import LogicalBackup

/// What becomes of the next backup when the repository is not as the last one left it.
///
/// It costs reading, never truth: each night is compared with the database, and every object that it names is opened.
@Suite("What has changed, when the repository has too", .tags(.server))
struct LostObjectTests {
    private static let tables = """
        create table large (id int primary key, note text);
        insert into large select g, repeat(md5(g::text), 8) from generate_series(1, 8000) g;
        create table small (id int, note text);
        insert into small select g, repeat(md5(g::text), 2) from generate_series(1, 500) g;
        """

    private func filled() async throws -> Nights {
        let nights = try await Nights(try .current)
        try await nights.run(Self.tables)
        return nights
    }

    /// A way to lose the index.
    enum IndexLoss: String, CaseIterable {
        case removed
        case cut
        case damaged
        case replaced
    }

    @Test(.scratchDatabase, arguments: IndexLoss.allCases) func `without its index everything is read`(
        _ loss: IndexLoss
    ) async throws {
        let nights = try await filled()
        let earlier = try await nights.night("the first")
        try await nights.run("update large set note = 'changed' where id = 5")
        let last = try await nights.night("the last")
        let file = try nights.file(#require(last.rangeIndex).name)
        switch loss {
        case .removed: try FileManager.default.removeItem(at: file)
        case .cut: try Data(contentsOf: file).dropLast(7).write(to: file)
        case .damaged: try nights.damage(#require(last.rangeIndex).name)
        case .replaced: try Data(contentsOf: nights.file(#require(earlier.rangeIndex).name)).write(to: file)
        }
        try await nights.run("delete from large where id = 6")
        let manifest = try await nights.night("without the index")
        #expect(try manifest.summary().comparison == .none)
        #expect(try manifest.summary().reason == "The index of backup \(last.backup) cannot be read.")
        #expect(Set(nights.readings.values) == [.inFull])
        // The one after compares again.
        #expect(try await nights.night("healed").summary().pagesRead == 0)
    }

    /// The same ranges make the same index, under the same name: the damaged one must not be taken for it.
    @Test(.scratchDatabase, arguments: [IndexLoss.cut, .damaged])
    func `a damaged index is written again though nothing has changed`(_ loss: IndexLoss) async throws {
        let nights = try await filled()
        let name = try #require(try await nights.night("the first").rangeIndex).name
        switch loss {
        case .cut: try Data(contentsOf: nights.file(name)).dropLast(7).write(to: nights.file(name))
        default: try nights.damage(name)
        }
        let healed = try await nights.night("nothing has changed")
        #expect(try healed.summary().comparison == .none && healed.rangeIndex?.name != name)
        #expect(try await nights.night("afterwards").summary().comparison == .identity)
    }

    private static let shapes = [
        "", "{}", #"{"pagesPerRange":4}"#, #"{"pagesPerRange":8,"tables":[]}"#, #"{"pagesPerRange":4,"tables":[{}]}"#,
    ]

    /// Sealed by the right key, under the right name, and no index of this version.
    @Test(.scratchDatabase, arguments: shapes) func `an index of another shape is none`(_ text: String) async throws {
        let nights = try await filled()
        var forged = try await nights.night("the first")
        let run = try nights.repository.writer.beginRun(now: .now.addingTimeInterval(60))
        forged.rangeIndex = try run.putIndex(Array(text.utf8))
        forged.backup = run.id.description
        try run.commit(manifest: Array(ManifestCoding.encode(forged)))
        #expect(
            try await nights.night("afterwards").summary().reason == "The index of backup \(run.id) cannot be read.")
    }

    /// An index that is whole, but of other chunks or other tables than its manifest: its tables are read.
    @Test(.scratchDatabase) func `an index of another backup counts for nothing that does not fit it`() async throws {
        let nights = try await filled()
        let first = try await nights.night("the first")
        try await nights.run("delete from large where id between 100 and 3000; insert into small values (0, 'new')")
        var forged = try await nights.night("the second")
        let run = try nights.repository.writer.beginRun(now: .now.addingTimeInterval(60))
        forged.rangeIndex = first.rangeIndex
        forged.backup = run.id.description
        try run.commit(manifest: Array(ManifestCoding.encode(forged)))
        try await nights.run("update large set note = 'x' where id = 5000")
        _ = try await nights.night("afterwards")
        #expect(nights.readings == ["large": .inFull, "small": .inFull])
    }

    /// A way to lose what a chunk holds, as far as a list of the store can tell.
    enum ChunkLoss: String, CaseIterable {
        case removed
        case cut
        case keyRemoved
        case keyReplaced
        case keyDamaged
    }

    @Test(.scratchDatabase, arguments: ChunkLoss.allCases) func `what a lost chunk held is read again`(
        _ loss: ChunkLoss
    ) async throws {
        let nights = try await filled()
        let first = try await nights.night("the first")
        try await nights.run("update large set note = 'changed' where id = 5")
        let second = try await nights.night("the second")
        let kept = try #require(second.table("large").chunks.first?.pieces.first?.object)
        #expect(kept.run.description == first.backup)
        let key = nights.file("runs/\(first.backup).age")
        switch loss {
        case .removed: try FileManager.default.removeItem(at: nights.file(kept.name))
        case .cut: try Data(contentsOf: nights.file(kept.name)).dropLast(1).write(to: nights.file(kept.name))
        case .keyRemoved: try FileManager.default.removeItem(at: key)
        case .keyDamaged: try nights.damage("runs/\(first.backup).age")
        case .keyReplaced: try Data(contentsOf: nights.file("runs/\(second.backup).age")).write(to: key)
        }
        try await nights.run("delete from large where id = 7000")
        let third = try await nights.night("after the loss")
        #expect(try third.summary().comparison == .identity)
        #expect(try third.summary().reason?.contains("not in the repository as they were stored") == true)
        let losesAll = ![.removed, .cut].contains(loss)
        // What the second night stored is there.
        #expect(nights.readings["large"] == .inPart)
        #expect(nights.readings["small"] == (losesAll ? .inFull : .unchanged))
        #expect(!third.objects.contains { losesAll ? $0.run == kept.run : $0 == kept })
        let next = try await nights.night("afterwards")
        #expect(try next.summary().pagesRead == 0 && next.summary().reason == nil)
        try await nights.expectRestore(of: next)
    }

    /// A key file that was damaged opens nothing; a full run does not use again what it should open.
    @Test(.scratchDatabase) func `what a damaged key should open is stored anew by a full run`() async throws {
        let nights = try await filled()
        let first = try await nights.night("the first")
        try nights.damage("runs/\(first.backup).age")
        let full = try await nights.night("in full", full: true)
        #expect(!full.objects.contains { $0.run.description == first.backup })
        try await nights.expectRestore(of: full)
    }

    /// Damage that changes no length is for `repository check` to find; a run with `--full` makes it good.
    @Test(.scratchDatabase) func `a damaged chunk is made good by a full run`() async throws {
        let nights = try await filled()
        let first = try await nights.night("the first")
        try nights.damage(try #require(first.table("large").chunks.first?.pieces.first).object.name)
        let full = try await nights.night("in full", full: true)
        #expect(try full.summary().reason == "It was asked for with --full.")
        #expect(try full.summary().comparison == .none)
        #expect(try await nights.night("afterwards").summary().pagesRead == 0)
        try await nights.expectRestore(of: full)
    }
}

extension Nights {
    /// Where an object is on disk.
    func file(_ name: some CustomStringConvertible) -> URL {
        URL(fileURLWithPath: repository.path).appendingPathComponent("\(name)")
    }

    /// Turns a bit in the middle of an object.
    func damage(_ name: some CustomStringConvertible) throws {
        var bytes = try Data(contentsOf: file(name))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: file(name))
    }

    /// Restores a backup into an empty database, with its proof.
    func expectRestore(of manifest: BackupManifest, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let target = try await ScratchDatabase.current.emptyDatabase()
        let report = try await repository.restore(manifest, into: target)
        #expect(report.proof?.rows == manifest.rows, sourceLocation: sourceLocation)
    }
}
