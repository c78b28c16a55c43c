import Diagnostics
import Foundation
import SealedStreams
import Testing

@testable import ArchiveRepository

private let isRoot = geteuid() == 0

/// A small file system of its own; only root can have one.
private final class SmallDisk: Sendable {
    let path: String

    init(_ options: String) throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("wheels-disk-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Self.run("mount", "-t", "tmpfs", "-o", options, "tmpfs", path)
    }

    deinit {
        try? Self.run("umount", path)
        unsafe rmdir(path)
    }

    func becomeReadOnly() throws { try Self.run("mount", "-o", "remount,ro", path) }

    private static func run(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(arguments) failed")
    }
}

private func error(_ body: () throws -> Void) throws -> RepositoryError {
    try #require(throws: RepositoryError.self) { try body() }
}

@Suite("A store in a folder")
struct LocalBlobStoreTests {
    @Test func `files and folders are for their owner alone`() throws {
        let folder = ScratchFolder()
        let store = LocalBlobStore(path: folder.path + "/new/store")
        let old = umask(0)
        defer { umask(old) }
        try store.put([1], as: "chunks/run/1")
        for name in ["new", "new/store", "new/store/chunks", "new/store/chunks/run", "new/store/.incoming"] {
            #expect(try folder.mode(name) == 0o700, "\(name)")
        }
        #expect(try folder.mode("new/store/chunks/run/1") == 0o600)
    }

    @Test func `what a killed writer left is not listed, stops nobody and is swept`() throws {
        let folder = ScratchFolder()
        let store = LocalBlobStore(path: folder.path)
        try store.put([1], as: "chunks/1")
        try Data([1, 2, 3]).write(to: URL(fileURLWithPath: folder.path + "/.incoming/00ff"))
        #expect(try store.list("").map(\.name) == ["chunks/1"])
        try store.put([2], as: "chunks/2")
        var running = try store.put("chunks/3")
        try running.write([3])
        #expect(try store.sweepTemporaries() == 1)
        #expect(try store.sweepTemporaries() == 0)
        try running.finish()
        #expect(try store.bytes(of: "chunks/3") == [3])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/.incoming").isEmpty)
    }

    @Test func `a new run sweeps`() throws {
        let fixture = try Fixture()
        try Data([1]).write(to: URL(fileURLWithPath: fixture.file(".incoming/dead")))
        _ = try fixture.repository.writer(key: fixture.key).beginRun()
        #expect(!FileManager.default.fileExists(atPath: fixture.file(".incoming/dead")))
    }

    @Test func `files of others and links to nowhere are not listed`() throws {
        let folder = ScratchFolder()
        let store = LocalBlobStore(path: folder.path)
        try store.put([1], as: "a")
        for name in [".hidden", "with blank", "ü", "lost+found"] {
            try Data().write(to: URL(fileURLWithPath: "\(folder.path)/\(name)"))
        }
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/dangling", withDestinationPath: "/nowhere")
        #expect(try store.list("").map(\.name) == ["a"])
    }

    @Test func `a folder is no object, and an object is no folder`() throws {
        let folder = ScratchFolder()
        let store = LocalBlobStore(path: folder.path)
        try store.put([1], as: "a/b")
        #expect(try store.size(of: "a") == nil)
        #expect(failureClass { _ = try store.get("a", range: nil) } == .notFound)
        #expect(failureClass { try store.put([1], as: "a") } == .refused)
        #expect(failureClass { try store.put([1], as: "a/b/c") } != nil)
        #expect(try store.size(of: "a/b/c") == nil)
        #expect(failureClass { try store.delete("a") } != nil)
        #expect(try store.list("").map(\.name) == ["a/b"])
    }

    @Test func `a path that is a file says so`() throws {
        let folder = ScratchFolder()
        let path = folder.path + "/file"
        try Data([1]).write(to: URL(fileURLWithPath: path))
        let found = try error { try LocalBlobStore(path: path).put([1], as: "a") }
        #expect(found.summary.contains(path))
        let create = try error {
            _ = try Repository.make(at: path)
        }
        #expect(create.failureClass == .refused)
        #expect(create.summary == "\(path) is a file, not a folder.")
        #expect(failureClass { _ = try Repository.at(path) } == .notFound)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data([1]))
    }

    @Test func `an empty location is a usage error and touches nothing`() throws {
        #expect(failureClass { _ = try BlobStores.open(location: "", environment: [:]) } == .usage)
    }

    @Test func `a relative path stands for the same folder`() throws {
        let folder = ScratchFolder()
        let here = FileManager.default.currentDirectoryPath
        let up = String(repeating: "../", count: here.split(separator: "/").count)
        let relative = up + folder.path.dropFirst() + "/relative/store"
        let store = LocalBlobStore(path: relative)
        try store.put([1], as: "a/b")
        #expect(try LocalBlobStore(path: folder.path + "/relative/store///").bytes(of: "a/b") == [1])
        #expect(try store.list("").map(\.name) == ["a/b"])
        #expect(
            LocalFile.parent(of: "x") == "." && LocalFile.parent(of: "/x") == "/" && LocalFile.parent(of: "/") == "/")
    }

    @Test(.enabled(if: isRoot, "needs root to mount a small disk"))
    func `a full disk is out of space, names the path and leaves nothing visible`() throws {
        let disk = try SmallDisk("size=1m")
        let store = LocalBlobStore(path: disk.path)
        try store.put([UInt8](repeating: 1, count: 300_000), as: "chunks/1")
        let found = try error { try store.put([UInt8](repeating: 2, count: 2_000_000), as: "chunks/2") }
        #expect(found.failureClass == .outOfSpace)
        #expect(found.summary.contains(disk.path) && found.summary.contains("KiB are free"))
        #expect(found.remedy != nil)
        #expect(try store.list("").map(\.name) == ["chunks/1"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path + "/.incoming").isEmpty)
        try store.put([3], as: "chunks/2")
        #expect(try store.bytes(of: "chunks/2") == [3])
    }

    @Test(.enabled(if: isRoot, "needs root to mount a small disk"))
    func `a writer that goes on after the disk was full never finishes`() throws {
        let disk = try SmallDisk("size=1m")
        let store = LocalBlobStore(path: disk.path)
        let found = try error {
            var sink = try store.put("chunks/1")
            for _ in 0..<20 { try? sink.write([UInt8](repeating: 1, count: 100_000)) }
            try sink.finish()
        }
        #expect(found.failureClass == .outOfSpace)
        #expect(try store.list("").isEmpty)
    }

    @Test(.enabled(if: isRoot, "needs root to mount a small disk"))
    func `a backup on a full disk ends in out of space, and the older one is good`() throws {
        let disk = try SmallDisk("size=2m")
        let identity = try AgeIdentity()
        let path = disk.path + "/repository"
        let (repository, keys) = try Repository.make(at: path, for: .recipient(identity.recipient))
        let writer = try repository.writer(key: keys.writerKey)
        let first = try writer.beginRun()
        try first.commit(manifest: [1])
        let second = try writer.beginRun()
        let found = try error {
            var rows = try second.rowsWriter()
            rows.begin(columns: 1, format: .text, ranges: PlannedRanges(rows: [100], digests: .given([0])))
            for row in (0..<100).map({ randomRow(bytes: 60_000, $0) }) { try unsafe rows.write(row.span.bytes) }
            #expect(try rows.end())
            _ = try rows.flush()
        }
        #expect(found.failureClass == .outOfSpace && found.summary.contains(path))
        #expect(try repository.backups() == [first.id])
        #expect(try repository.store.list("chunks/").isEmpty)
        #expect(try repository.reader(.identities([identity])).manifest(first.id) == [1])
    }

    @Test(.enabled(if: isRoot, "needs root to mount a disk"))
    func `a disk that is read-only is a matter of permission, and can be read`() throws {
        let disk = try SmallDisk("size=1m")
        let store = LocalBlobStore(path: disk.path)
        try store.put([1], as: "a")
        try disk.becomeReadOnly()
        for body in [{ try store.put([1], as: "b") }, { try store.delete("a") }] as [() throws -> Void] {
            let found = try error(body)
            #expect(found.failureClass == .permission && found.summary.contains(disk.path))
        }
        #expect(try store.bytes(of: "a") == [1])
        #expect(try store.list("").count == 1)
    }

    @Test(.disabled(if: isRoot, "root may write everywhere"))
    func `a folder without the right to write is a matter of permission`() throws {
        let folder = ScratchFolder()
        unsafe chmod(folder.path, 0o500)
        let found = try error { try LocalBlobStore(path: folder.path).put([1], as: "a") }
        #expect(found.failureClass == .permission && found.summary.contains(folder.path))
    }
}

@Suite("Object names")
struct BlobNameTests {
    @Test(arguments: [
        "", "/", "/a", "a/", "a//b", ".", "..", "a/../b", ".hidden", "a/.b", "a b", "ü", "a\\b", "a\0", "a\n", "a:b",
        String(repeating: "x", count: 513),
    ])
    func `a text that could leave its folder is no name`(text: String) {
        #expect(BlobName(text) == nil)
        let json = try? JSONEncoder().encode([text])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([BlobName].self, from: json ?? Data()) }
    }

    @Test(arguments: ["a", "A.b-c_d/0", "a..b", "-", "_", String(repeating: "x", count: 512)])
    func `a name comes back from its text`(text: String) throws {
        let name = try #require(BlobName(text))
        #expect(name.description == text)
        #expect(try JSONDecoder().decode([BlobName].self, from: JSONEncoder().encode([name])) == [name])
    }
}
