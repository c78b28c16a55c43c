import Diagnostics
import Foundation
import ObjectStoreTesting
import SealedStreams
import Testing

@testable import ArchiveRepository

/// What every store must do: one suite, run against each.
@Suite("Every blob store")
struct BlobStoreSuite {
    @Test(arguments: StoreUnderTest.all) func `an empty store lists nothing and has nothing`(_ kind: StoreUnderTest)
        async throws
    {
        let (store, folder) = try await kind.make()
        #expect(try store.list("").isEmpty && store.list("chunks/").isEmpty)
        #expect(try store.size(of: "a") == nil)
        #expect(failureClass { _ = try store.get("a", range: nil) } == .notFound)
        #expect(failureClass { try store.delete("a") } == .notFound)
        withExtendedLifetime(folder) {}
    }

    @Test(arguments: StoreUnderTest.all) func `objects come back whole, in parts and by size`(_ kind: StoreUnderTest)
        async throws
    {
        let (store, folder) = try await kind.make()
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        for (name, content) in [("empty", []), ("one", [7]), ("deep/er/big", bytes)] as [(BlobName, [UInt8])] {
            try store.put(content, as: name)
            #expect(try store.size(of: name) == content.count)
            #expect(try store.bytes(of: name) == content)
        }
        for range in [0..<0, 0..<1, 100..<200_000, 299_999..<300_000, 0..<300_000] {
            var source = try store.get("deep/er/big", range: range)
            var buffer = ReusableBuffer(capacity: 0)
            while try source.read(upTo: 77_777, into: &buffer) > 0 {}
            #expect(buffer.array == Array(bytes[range]))
            #expect(try source.read(upTo: 1, into: &buffer) == 0)
        }
        #expect(failureClass { _ = try store.bytes(of: "deep/er/big", limit: 1_000) } == .corrupt)
        withExtendedLifetime(folder) {}
    }

    @Test(arguments: StoreUnderTest.all) func `a name is written once, and keeps the first`(_ kind: StoreUnderTest)
        async throws
    {
        let (store, folder) = try await kind.make()
        try store.put([1], as: "a/b")
        #expect(failureClass { try store.put([2], as: "a/b") } == .refused)
        #expect(try store.bytes(of: "a/b") == [1])
        try store.delete("a/b")
        try store.put([3], as: "a/b")
        #expect(try store.bytes(of: "a/b") == [3])
        withExtendedLifetime(folder) {}
    }

    @Test(arguments: StoreUnderTest.all) func `when two race for a name the one that finishes first has it`(
        _ kind: StoreUnderTest
    ) async throws {
        let (store, folder) = try await kind.make()
        var first = try store.put("a")
        var second = try store.put("a")
        try first.write([1])
        try second.write([2])
        try second.finish()
        let error = try finish(first)
        #expect(error == .refused)
        #expect(try store.bytes(of: "a") == [2])
        #expect(try store.list("").map(\.name) == ["a"])
        withExtendedLifetime(folder) {}
    }

    @Test(arguments: StoreUnderTest.all) func `what is not finished is not visible`(_ kind: StoreUnderTest) async throws
    {
        let (store, folder) = try await kind.make()
        do {
            var sink = try store.put("a/unfinished")
            try sink.write([UInt8](repeating: 1, count: 200_000))
            #expect(try store.list("").isEmpty)
            #expect(try store.size(of: "a/unfinished") == nil)
            #expect(failureClass { _ = try store.get("a/unfinished", range: nil) } == .notFound)
        }
        #expect(try store.list("").isEmpty)
        try store.put([1], as: "a/unfinished")
        #expect(try store.bytes(of: "a/unfinished") == [1])
        if let folder { #expect(leftovers(folder).isEmpty) }
    }

    @Test(arguments: StoreUnderTest.all) func `lists go by prefix, ordered by bytes`(_ kind: StoreUnderTest)
        async throws
    {
        let (store, folder) = try await kind.make()
        let names: [BlobName] = [
            "chunks/a/1", "chunks/a/10", "chunks/a/2", "chunks/ab/1", "chunks-x", "keys/writer-00.age", "Z", "a", "_.-",
            "0.json", "manifests/20260101T000000Z-abcdef",
        ]
        for name in names.reversed() { try store.put(Array(name.description.utf8), as: name) }
        #expect(try store.list("").map(\.name) == names.sorted())
        #expect(try store.list("").map(\.name.description).first == "0.json")
        #expect(try store.list("chunks/").count == 4)
        #expect(try store.list("chunks/a/").map(\.name.description) == ["chunks/a/1", "chunks/a/10", "chunks/a/2"])
        #expect(try store.list("chunks/a").count == 4)
        #expect(try store.list("chunks/a/1").map(\.size) == [10, 11])
        #expect(try store.list("chunks").count == 5)
        #expect(try store.list("nothing/").isEmpty)
        for odd in ["/", "//", "../", "..", ".", "chunks/../", "chunks//", "%", "*", "ü", " ", "chunks/a\0"] {
            #expect(try store.list(odd).isEmpty, "\(odd)")
        }
        withExtendedLifetime(folder) {}
    }

    @Test(arguments: StoreUnderTest.all) func `many writers at once: each name once, each object whole`(
        _ kind: StoreUnderTest
    ) async throws {
        let (store, folder) = try await kind.make()
        let won = await withTaskGroup(of: Int.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    (0..<25).reduce(0) { won, number in
                        let bytes = [UInt8](repeating: UInt8(writer), count: 1_000 + number)
                        guard let name = BlobName("race/\(number)") else { return won }
                        return failureClass { try store.put(bytes, as: name) } == nil ? won + 1 : won
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(won == 25)
        let entries = try store.list("race/")
        #expect(entries.count == 25)
        for entry in entries {
            let bytes = try store.bytes(of: entry.name)
            #expect(bytes.count == entry.size && Set(bytes).count == 1)
        }
        if let folder { #expect(leftovers(folder).isEmpty) }
    }

    @Test(arguments: StoreUnderTest.all) func `an object is as old as the store's own clock says`(
        _ kind: StoreUnderTest
    ) async throws {
        let (store, folder) = try await kind.make()
        let before = try store.now()
        try store.put([1], as: "a/b")
        let after = try store.now()
        let modified = try #require(try store.list("").first?.modified)
        // Stores on S3 tell the time in whole seconds, and file systems in ticks of some milliseconds.
        #expect(before.addingTimeInterval(-1) <= modified && modified <= after.addingTimeInterval(1))
        #expect(try store.list("").map(\.name) == ["a/b"])
        withExtendedLifetime(folder) {}
    }

    @Test(arguments: StoreUnderTest.all) func `a place is vacant until something is there`(_ kind: StoreUnderTest)
        async throws
    {
        let (store, folder) = try await kind.make()
        #expect(try store.isVacant())
        #expect(try store.sweepUnfinished() == 0)
        try store.put([1], as: "a/b")
        #expect(try !store.isVacant())
        withExtendedLifetime(folder) {}
    }

    @Test(.requiresObjectStore) func `the suite ran against S3 as well`() {
        #expect(StoreUnderTest.all.contains { $0.testDescription.contains("bucket") })
    }

    private func finish(_ sink: consuming BlobSink) throws -> FailureClass? {
        do {
            try sink.finish()
            return nil
        } catch { return (error as? any ExplainedError)?.failureClass ?? .failure }
    }

    /// Temporary files anywhere below a folder.
    private func leftovers(_ folder: ScratchFolder) -> [String] {
        let all = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return all.filter { $0.contains(".incoming/") }
    }
}
