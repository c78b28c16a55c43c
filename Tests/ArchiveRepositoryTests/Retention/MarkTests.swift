import Diagnostics
import Foundation
import SealedStreams
import Testing

@testable import ArchiveRepository

@Suite("Marks")
struct MarkTests {
    @Test func `deleted and brought back again and again: the last word counts`() throws {
        let repository = try TestRepository()
        let id = try repository.backup(["a"])
        let record = MarkRecord(at: repository.clock.now, command: "test")
        for round in 1...3 {
            try repository.marks.delete(id, try repository.marks.read().marks[id] ?? BackupMarks(), record: record)
            #expect(try repository.isDeleted(id), "\(round)")
            try repository.marks.restore(id, try repository.marks.read().marks[id] ?? BackupMarks(), record: record)
            #expect(try !repository.isDeleted(id), "\(round)")
        }
        #expect(repository.store.names.filter { $0.hasPrefix("marks/") }.count == 6)
    }

    @Test func `a forged mark says nothing and is a finding`() throws {
        let repository = try TestRepository()
        let id = try repository.backup(["a"])
        let stranger = try TestRepository()
        let name = try MarkName(.deleted, id, order: 1).blob
        try stranger.records.put(MarkRecord(at: .now, command: "evil"), as: name, kind: .mark)
        repository.store.overwrite(name, try #require(stranger.store.objects[name]).bytes)
        #expect(try !repository.isDeleted(id))
        #expect(try repository.marks.read().findings.map(\.code) == ["repository.forged-mark"])

        // A good mark in the place of another one is as forged.
        let other = try repository.backup(["b"])
        let record = MarkRecord(at: repository.clock.now, command: "test")
        try repository.marks.delete(other, BackupMarks(), record: record)
        let good = try #require(repository.store.objects[try MarkName(.deleted, other, order: 1).blob]).bytes
        repository.store.overwrite(name, good)
        #expect(try !repository.isDeleted(id) && repository.isDeleted(other))

        // The next deletion takes a number behind the forged one.
        let marks = try repository.marks.read()
        try repository.marks.delete(id, marks.marks[id] ?? BackupMarks(), record: record)
        #expect(try repository.isDeleted(id))
    }

    @Test func `a deletion by other keys does not count, bringing back by other keys does`() throws {
        let repository = try TestRepository()
        let id = try repository.backup(["a"])
        let made = try repository.repository.newGeneration(passphrase: nil)
        let other = SealedRecords(writer: try repository.repository.writer(key: made.generation.writerKey))
        let record = MarkRecord(at: repository.clock.now, command: "test")
        try MarkBoard(records: other).delete(id, BackupMarks(), record: record)
        #expect(try !repository.isDeleted(id))
        #expect(try repository.marks.read().findings.map(\.code) == ["repository.mark-of-other-keys"])
        try repository.marks.delete(id, try repository.marks.read().marks[id] ?? BackupMarks(), record: record)
        #expect(try repository.isDeleted(id))
        var marks = BackupMarks()
        marks.deleted = (2, repository.clock.now)
        try MarkBoard(records: other).restore(id, marks, record: record)
        #expect(try !repository.isDeleted(id))
    }

    @Test func `a verification is noted once a second`() throws {
        let repository = try TestRepository()
        let id = try repository.backup(["a"])
        for _ in 0..<2 { try repository.marks.noteVerified(id, command: "backup verify") }
        #expect(try repository.marks.read().marks[id]?.verifiedAt == repository.clock.now)
        #expect(repository.store.names.filter { $0.hasPrefix("marks/verified/\(id)/20270115T080000Z") }.count == 1)
    }

    @Test func `names of objects tell their role, and no other name does`() throws {
        let id = try BackupID(now: Date(timeIntervalSince1970: 1_800_000_000))
        let hex = String(repeating: "0f", count: 16)
        let ours = [
            "wheels-db-repository.json", "keys/0011223344556677/age1abc.age", "keys/0011223344556677/passphrase.age",
            "keys/0011223344556677/retired", "runs/\(id).age", "chunks/\(hex)", "schemas/\(hex)", "manifests/\(id)",
            "claims/\(id)/1", "claims/\(id)/120", "claims/\(id)/released", "marks/deleted/\(id)/1",
            "marks/restored/\(id)/17", "marks/verified/\(id)/20270115T080000Z",
        ]
        for text in ours {
            let role = ObjectRole(try Layout.name(text))
            #expect(role != .foreign, "\(text)")
            if case .mark(let mark) = role { #expect(try mark.blob.description == text) }
        }
        let foreign = [
            "README", "keys/0011223344556677", "keys/00112233445566AA/x.age", "keys/x/retired", "runs/\(id)",
            "runs/x.age", "chunks/\(hex)0", "chunks/\(hex.uppercased())", "chunks/\(id)/\(hex)", "manifests/x",
            "manifests/\(id)/x", "claims/\(id)/0", "claims/\(id)/01", "claims/\(id)/x", "claims/\(id)", "claims/x/1",
            "marks/deleted/\(id)", "marks/deleted/\(id)/x", "marks/gone/\(id)/1", "marks/verified/\(id)/1",
            "chunks", "wheels-db-repository.json/x",
        ]
        for text in foreign { #expect(ObjectRole(try Layout.name(text)) == .foreign, "\(text)") }
    }
}
