import Diagnostics
import Foundation
import Glibc
import Testing

@testable import ArchiveRepository

@Suite("What stands in the way of objects in a folder")
struct ObstacleTests {
    /// Puts something at a path that is no file.
    private static func put(_ what: String, at path: String) throws {
        try FileManager.default.createDirectory(
            at: URL(fileURLWithPath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
        switch what {
        case "a named pipe": #expect(unsafe mkfifo(path, 0o600) == 0)
        case "a folder": try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        default: try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/nowhere/at/all")
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: ["a named pipe", "a folder", "a link to nothing"])
    func `it is named with the command that takes it away, and nothing waits for it`(what: String) throws {
        let folder = ScratchFolder()
        let store = LocalBlobStore(path: folder.path)
        let names = try [
            "wheels-db-repository.json", "manifests/20260101T000000Z-abcdef", "runs/20260101T000000Z-abcdef.age",
            "marks/deleted/20260101T000000Z-abcdef/1", "claims/20260101T000000Z-abcdef/1",
            "chunks/00112233445566778899aabbccddeeff",
        ].map { try Layout.name($0) }.sorted()
        for name in names { try Self.put(what, at: "\(folder.path)/\(name)") }
        try Self.put(what, at: "\(folder.path)/.incoming/x")
        #expect(try store.list("").isEmpty)
        #expect(try store.strangers().map(\.name) == names)
        #expect(try store.strangers().allSatisfy { $0.what == what })
        #expect(try store.sweepTemporaries() == 0)
        for name in names {
            #expect(try store.size(of: name) == nil)
            #expect(failureClass { _ = try store.bytes(of: name) } == .notFound)
            let error = try #require(#expect(throws: RepositoryError.self) { try store.put([1], as: name) })
            #expect(error.failureClass == .refused && error.summary.contains(what))
            let removal = try #require(error.remedy?.command)
            #expect(removal == "rm \(what == "a folder" ? "-r " : "")'\(folder.path)/\(name)'")
        }
    }

    @Test(arguments: ["a named pipe", "a link to nothing"])
    func `it may stand where a folder belongs`(what: String) throws {
        let folder = ScratchFolder()
        try Self.put(what, at: "\(folder.path)/marks")
        let store = LocalBlobStore(path: folder.path)
        let error = try #require(
            #expect(throws: RepositoryError.self) {
                try store.put([1], as: "marks/deleted/20260101T000000Z-abcdef/1")
            })
        #expect(error.failureClass == .refused && error.remedy?.command == "rm '\(folder.path)/marks'")
        #expect(try store.strangers().map(\.name) == ["marks"])
    }
}
