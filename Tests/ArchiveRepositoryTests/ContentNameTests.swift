import ArchiveRepository
import Diagnostics
import Foundation
import SealedStreams
import Testing

@Suite("Names by content")
struct ContentNameTests {
    private func names(_ fixture: Fixture) throws -> [String] {
        try fixture.repository.store.list("chunks/").map(\.name.description)
    }

    @Test func `the same rows are stored once, within a run and by the next one`() throws {
        let fixture = try Fixture()
        let before = try names(fixture)
        let run = try fixture.writer.beginRun()
        let first = try run.putRows(Fixture.rows)
        #expect(first.object == fixture.chunk)
        #expect(try names(fixture) == before)
        let new = Array("x\n".utf8)
        #expect(try run.putRows(new) == run.putRows(new))
        #expect(try names(fixture).count == before.count + 1)
        try run.commit(manifest: [1])
        #expect(try fixture.readRows(first) == Fixture.rows)
    }

    @Test func `what a killed run left is used by the next one, with the dead run's key`() throws {
        let fixture = try Fixture()
        let text = Array("left behind\n".utf8)
        let dead = try fixture.writer.beginRun()
        let left = try dead.putRows(text)
        // No manifest: killed here.
        let run = try fixture.writer.beginRun()
        let found = try run.putRows(text)
        #expect(found == left && found.object.run == dead.id)
        #expect(run.newObjects.isEmpty)
        try run.commit(manifest: [1])
        #expect(try fixture.readRows(found) == text)
    }

    @Test func `a failed run does not take away what it found there`() throws {
        let fixture = try Fixture()
        let run = try fixture.writer.beginRun()
        _ = try run.putRows(Fixture.rows)
        let own = try run.putRows(Array("own\n".utf8))
        run.abandon()
        #expect(try fixture.readRows() == Fixture.rows)
        #expect(try fixture.repository.store.size(of: own.object.name) == nil)
        #expect(try fixture.repository.store.list("runs/").count == 1)
    }

    @Test(arguments: ["cut", "flipped", "empty", "without its data key"])
    func `what lies there damaged is not used`(damage: String) throws {
        let fixture = try Fixture()
        let name = fixture.chunk.name.description
        switch damage {
        case "cut": try fixture.change(name) { $0.removeLast() }
        case "flipped": try fixture.change(name) { $0[200] ^= 1 }
        case "empty": try fixture.change(name) { $0 = Data() }
        default: try FileManager.default.removeItem(atPath: fixture.file("runs/\(fixture.id).age"))
        }
        let run = try fixture.writer.beginRun()
        let stored = try run.putRows(Fixture.rows)
        #expect(stored.object.name != fixture.chunk.name && stored.object.run == run.id)
        try run.commit(manifest: [1])
        #expect(try fixture.readRows(stored) == Fixture.rows)
    }

    @Test func `what the last manifest names is not read again`() throws {
        let fixture = try Fixture()
        // Same length, other bytes: only a reader would see it, and verify is there for that.
        try fixture.change(fixture.chunk.name.description) { $0[300] ^= 1 }
        let run = try fixture.writer.beginRun(known: [fixture.chunk])
        #expect(try run.putRows(Fixture.rows).object == fixture.chunk)
        // A full run does read it, and makes it good.
        let full = try fixture.writer.beginRun()
        let again = try full.putRows(Fixture.rows)
        #expect(again.object.name != fixture.chunk.name)
        #expect(try fixture.readRows(again) == Fixture.rows)
    }

    @Test(arguments: ["missing", "cut", "changed"])
    func `what the last manifest names is not used when its data key is not what it was`(damage: String) throws {
        let fixture = try Fixture()
        let run = try fixture.writer.beginRun()
        let keyFiles = try run.keyFiles(of: [fixture.chunk])
        #expect(keyFiles.map(\.name.description) == ["runs/\(fixture.id).age"])
        switch damage {
        case "missing": try FileManager.default.removeItem(atPath: fixture.file("runs/\(fixture.id).age"))
        case "cut": try fixture.change("runs/\(fixture.id).age") { $0.removeLast() }
        default: try fixture.change("runs/\(fixture.id).age") { $0[150] ^= 1 }
        }
        let next = try fixture.writer.beginRun(known: [fixture.chunk], keyFiles: keyFiles)
        let stored = try next.putRows(Fixture.rows)
        if damage == "changed" {
            // Nothing but the digest tells; without it the file would have to be opened.
            #expect(stored.object.run == fixture.id || stored.object.run == next.id)
        } else {
            #expect(stored.object.run == next.id)
            #expect(try fixture.readRows(stored) == Fixture.rows)
        }
    }

    @Test func `many small tables share an object, and each comes back`() throws {
        let fixture = try Fixture()
        let run = try fixture.writer.beginRun()
        var writer = try run.rowsWriter()
        let tables = (0..<40).map { table in (0..<table).map { "table \(table) row \($0)\n" } }
        for table in tables {
            let ranges = PlannedRanges(rows: [table.count], digests: .given([Int128(table.count)]))
            writer.begin(columns: 1, format: .text, ranges: ranges)
            for row in table.map({ Array($0.utf8) }) { try unsafe writer.write(row.span.bytes) }
            #expect(try writer.end())
        }
        let pieces = try writer.flush().map(\.pieces)
        #expect(pieces.count == 40 && pieces[0].isEmpty)
        #expect(Set(pieces.joined().map(\.object)).count == 1)
        for (table, found) in zip(tables, pieces) {
            let rows = try found.flatMap { try fixture.readRows($0) }
            #expect(rows == Array(table.joined().utf8))
            #expect(found.reduce(0) { $0 + $1.rows } == table.count)
        }
    }

    @Test func `rows that are too many for one object go on in the next`() throws {
        let fixture = try Fixture()
        let run = try fixture.writer.beginRun()
        var writer = try run.rowsWriter()
        writer.begin(columns: 1, format: .text, ranges: PlannedRanges(rows: [30], digests: .given([0])))
        var all: [UInt8] = []
        for number in 0..<30 {
            let row = randomRow(bytes: 1 << 20, number)
            all += row
            try unsafe writer.write(row.span.bytes)
        }
        #expect(try writer.end())
        let pieces = try writer.flush().flatMap(\.pieces)
        #expect(pieces.count > 1 && pieces.reduce(0) { $0 + $1.rows } == 30)
        #expect(pieces.allSatisfy { $0.object.contentBytes < 2 * RowsWriter.objectBytes })
        #expect(try pieces.flatMap { try fixture.readRows($0) } == all)
    }

    @Test func `a damaged object is found when a run reads back what it stored`() throws {
        let fixture = try Fixture()
        let run = try fixture.writer.beginRun()
        let piece = try run.putRows(Array("fresh\n".utf8))
        try run.readBack()
        try fixture.change(piece.object.name.description) { $0[100] ^= 4 }
        #expect(failureClass { try run.readBack() } == .corrupt)
    }
}
