import Diagnostics
import Foundation
import ObjectStoreTesting
import SealedStreams
import Testing

@testable import ArchiveRepository

@Suite("A store on S3", .requiresObjectStore)
struct S3BlobStoreTests {
    @Test func `lists of many pages are whole, and foreign keys are left out`() async throws {
        let test = try await S3Fixture { _ in .none }
        let names = (0..<25).compactMap { BlobName("chunks/\($0 % 3)/\($0)") } + ["chunks-x", "keys/a"]
        for name in names { try test.direct.put([1, 2], as: name) }
        let root = test.server.location(bucket: test.bucket)
        let outside = try S3Fixture.store(root, test.server.environment)
        try outside.put([1], as: "pq/outside")
        try outside.put([1], as: "a-outside")
        for size in [1, 2, 7, 1_000] {
            let place = test.server.location(bucket: test.bucket, prefix: "p")
            let store = try S3Fixture.store(place, test.server.environment, pageSize: size)
            #expect(try store.list("").map(\.name) == names.sorted(), "\(size)")
            #expect(try store.list("chunks/").count == 25 && store.list("chunks").count == 26)
        }
        #expect(try outside.list("").count == 29)
    }

    @Test func `what the process found out about conditions is used`() async throws {
        let test = try await S3Fixture(writes: .unknown) { _ in .none }
        try test.store.put([1], as: "a")
        // Is it taken, does the bucket exist, the write, and the same write again, which the store refuses.
        let questions = ["HEAD p/a", "GET ?encoding-type&list-type&max-keys&prefix"]
        #expect(test.calls == questions + ["PUT p/a", "PUT p/a"])
        let before = test.calls.count
        try test.store.put([2], as: "b")
        #expect(Array(test.calls[before...]) == ["PUT p/b"])
        #expect(try test.direct.bytes(of: "a") == [1])
    }

    @Test func `a store that ignores conditions is found out, and asked before each write`() async throws {
        let test = try await S3Fixture(writes: .unknown) { request in
            request.method == "PUT" && request.number == 3 ? .answer(200, fields: ["ETag: \"x\""]) : .none
        }
        try test.store.put([1], as: "a")
        #expect(test.calls.filter { $0 == "PUT p/a" }.count == 2)
        let before = test.calls.count
        try test.store.put([2], as: "b")
        #expect(Array(test.calls[before...]) == ["HEAD p/b", "PUT p/b"])
        #expect(test.proxy.requests.last?.fields["if-none-match"] == nil)
        #expect(try repositoryError { try test.store.put([3], as: "a") }.failureClass == .refused)
        #expect(try test.direct.bytes(of: "a") == [1])
    }

    @Test func `a store that does not implement conditions is written to without`() async throws {
        let test = try await S3Fixture { $0.fields["if-none-match"] != nil ? .failure(501, "NotImplemented") : .none }
        try test.store.put([1], as: "a")
        #expect(try test.direct.bytes(of: "a") == [1])
        #expect(try repositoryError { try test.store.put([2], as: "a") }.failureClass == .refused)
        #expect(test.clock.pauses.isEmpty)
    }

    @Test func `without conditions a lost answer is found out all the same`() async throws {
        let test = try await S3Fixture(writes: .ignored) { $0.method == "PUT" ? .loseAnswer : .none }
        try test.store.put([1], as: "a")
        #expect(test.calls.filter { $0 == "PUT p/a" }.count == 1)
        #expect(try test.direct.bytes(of: "a") == [1])
    }

    @Test func `an object in a locked bucket stays when it is deleted, out of sight`() async throws {
        let test = try await S3Fixture(.locked) { _ in .none }
        try test.store.put([1], as: "a")
        try test.store.delete("a")
        #expect(try test.store.size(of: "a") == nil && test.store.list("").isEmpty)
        try test.store.put([2], as: "a")
        #expect(try test.store.bytes(of: "a") == [2])
    }

    @Test(arguments: [
        ("NOBODY", "x", "store.access-key"), (ObjectStore.key.id, "hunter2", "store.secret-key"),
    ])
    func `wrong credentials have their sentence, whatever is asked`(id: String, secret: String, code: String)
        async throws
    {
        let server = try await ObjectStore.shared()
        let environment = ["AWS_ACCESS_KEY_ID": id, "AWS_SECRET_ACCESS_KEY": secret]
        let store = try S3Fixture.store(server.location(bucket: try server.makeBucket()), environment)
        for error in try everyError(of: store) {
            #expect(error.code == code && error.failureClass == .permission && error.remedy != nil)
            #expect(!error.description.contains(secret + " ") && !error.description.contains(id))
        }
    }

    @Test func `a key that may only read reads, and is told what it may not`() async throws {
        let test = try await S3Fixture { _ in .none }
        try test.direct.put([1], as: "a")
        let place = test.server.location(bucket: test.bucket, prefix: "p")
        let store = try S3Fixture.store(place, ObjectStore.readingKey.environment)
        #expect(try store.bytes(of: "a") == [1] && store.list("").count == 1 && store.size(of: "b") == nil)
        for body in [{ try store.put([2], as: "b") }, { try store.delete("a") }] as [() throws -> Void] {
            let error = try repositoryError(body)
            #expect(error.failureClass == .permission && error.code == "store.permission")
        }
        #expect(try test.direct.list("").count == 1)
    }

    @Test func `a bucket that is not there is not found, whatever is asked`() async throws {
        let server = try await ObjectStore.shared()
        let clock = PausingClock()
        let store = try S3Fixture.store(
            server.location(bucket: "wheels-no-such-bucket"), server.environment, retry: clock.policy())
        for error in try everyError(of: store) {
            #expect(error.code == "store.no-bucket" && error.failureClass == .notFound)
            #expect(error.summary.contains("wheels-no-such-bucket"))
        }
    }

    @Test func `a machine whose clock is wrong is told so`() async throws {
        let server = try await ObjectStore.shared()
        let place = server.location(bucket: try server.makeBucket())
        let store = try S3Fixture.store(place, server.environment) { Date.now.addingTimeInterval(-3_600) }
        for error in try everyError(of: store) {
            #expect(error.code == "store.clock" && error.failureClass == .permission)
            #expect(error.remedy?.command == "timedatectl set-ntp true")
        }
    }

    @Test func `a store that is down is unreachable`() async throws {
        let clock = PausingClock()
        let port = try FaultProxy(before: nil) { _ in .none }.port
        let store = try S3Fixture.store(
            "s3://wheels/p?endpoint=http://127.0.0.1:\(port)", ObjectStore.key.environment, retry: clock.policy())
        for error in try everyError(of: store) {
            #expect(error.failureClass == .unreachable && error.code == "store.no-connection")
            #expect(error.summary.contains("127.0.0.1:\(port)") && error.remedy != nil)
        }
        #expect(clock.pauses.count > 30)
    }

    @Test func `a full store is out of space, what is there can be read, and nothing half is visible`() async throws {
        // One volume may go to the log of the store itself.
        let server = try await ObjectStore.start(room: 2)
        let clock = PausingClock()
        let place = server.location(bucket: try server.makeBucket(), prefix: "p")
        let store = try S3Fixture.store(place, server.environment, retry: clock.policy())
        let bytes = try RandomBytes.bytes(count: 700_000)
        var stored: [BlobName] = []
        var failure: RepositoryError?
        for number in 0..<100 where failure == nil {
            let name = try #require(BlobName("chunks/\(number)"))
            do {
                try store.put(bytes, as: name)
                stored.append(name)
                // The store notices only after a heartbeat that its volume is full.
                try await Task.sleep(for: .milliseconds(100))
            } catch { failure = error as? RepositoryError }
        }
        #expect(failure?.failureClass == .outOfSpace && failure?.summary.contains("probably full") == true)
        #expect(!stored.isEmpty)
        #expect(try store.list("").map(\.name) == stored.sorted())
        #expect(try store.bytes(of: "chunks/0") == bytes)
    }

    /// The errors of every call.
    private func everyError(of store: S3BlobStore) throws -> [RepositoryError] {
        try [
            { _ = try store.size(of: "a") }, { _ = try store.list("") }, { _ = try store.get("a", range: nil) },
            { _ = try store.now() }, { try store.put([1], as: "a") }, { try store.delete("a") },
            { _ = try store.isVacant() },
        ].map { try repositoryError($0) }
    }
}
