import Diagnostics
import Foundation
import ObjectStoreTesting
import SealedStreams
import Testing

@testable import ArchiveRepository

/// Objects that are too long for one request.
@Suite("S3: objects in parts", .requiresObjectStore)
struct S3UploadTests {
    private static let partSize = 5 << 20
    /// Two whole parts and a little more.
    private static let big = (try? RandomBytes.bytes(count: 2 * partSize + 4_096)) ?? []

    @Test(arguments: [partSize - 1, partSize, partSize + 1, 2 * partSize + 4_096])
    func `an object around the length of a part comes back`(length: Int) async throws {
        let test = try await S3Fixture(partSize: Self.partSize) { _ in .none }
        let bytes = Array(Self.big.prefix(length))
        var sink = try test.store.put("a")
        for start in stride(from: 0, to: length, by: 1_500_000) {
            try sink.write(Array(bytes[start..<min(start + 1_500_000, length)]))
        }
        try sink.finish()
        #expect(try test.direct.size(of: "a") == length)
        #expect(try test.store.bytes(of: "a") == bytes)
        let isOne = length <= Self.partSize
        #expect(test.calls.contains("PUT p/a") == isOne && test.calls.contains("POST p/a?uploads") == !isOne)
        #expect(try test.unfinishedUploads().isEmpty)
    }

    @Test func `a part has 16 MiB unless told otherwise`() async throws {
        let test = try await S3Fixture { _ in .none }
        try test.store.put([UInt8](repeating: 7, count: 16 << 20), as: "one")
        try test.store.put([UInt8](repeating: 7, count: (16 << 20) + 1), as: "two")
        #expect(test.proxy.requests.map(\.length).filter { $0 > 10_000 } == [16 << 20, 16 << 20])
        #expect(try test.direct.list("").map(\.size) == [16 << 20, (16 << 20) + 1])
    }

    @Test func `a sink that goes away leaves neither object nor parts`() async throws {
        let test = try await S3Fixture(partSize: Self.partSize) { _ in .none }
        do {
            var sink = try test.store.put("a")
            try sink.write(Self.big)
            #expect(try test.unfinishedUploads().count == 1)
            #expect(try test.direct.list("").isEmpty)
        }
        #expect(test.calls.last == "DELETE p/a?uploadId")
        #expect(try test.unfinishedUploads().isEmpty && test.direct.list("").isEmpty)
    }

    @Test func `a part that cannot be stored ends it, and the parts go`() async throws {
        let test = try await S3Fixture(partSize: Self.partSize) {
            $0.target.contains("partNumber=2") ? .failure(507) : .none
        }
        let error = try repositoryError { try test.store.put(Self.big, as: "a") }
        #expect(error.failureClass == .outOfSpace)
        #expect(test.calls.last == "DELETE p/a?uploadId")
        #expect(try test.unfinishedUploads().isEmpty && test.direct.list("").isEmpty)
    }

    @Test(arguments: [Fault.failure(503, "SlowDown"), .breakRequest, .loseAnswer])
    func `each step is repeated after a fault that passes`(fault: Fault) async throws {
        // The first attempt of each part and of the end meets the fault.
        let test = try await S3Fixture(partSize: Self.partSize) { request in
            request.target.contains("uploadId") && request.method != "DELETE" && request.number.isMultiple(of: 2)
                ? fault : .none
        }
        try test.store.put(Self.big, as: "a")
        #expect(try test.direct.bytes(of: "a") == Self.big)
        #expect(!test.clock.pauses.isEmpty)
    }

    @Test func `an end whose answer was lost is found out`() async throws {
        let test = try await S3Fixture(partSize: Self.partSize) { $0.number == 6 ? .loseAnswer : .none }
        try test.store.put(Self.big, as: "a")
        // Two questions, the begin, three parts, the end with the lost answer, and what followed.
        #expect(Array(test.calls[6...]) == ["POST p/a?uploadId", "POST p/a?uploadId", "HEAD p/a"])
        #expect(try test.direct.bytes(of: "a") == Self.big)
    }

    @Test func `a failure inside a good answer is a failure, and is repeated`() async throws {
        let late = Fault.answer(200, body: Array("<Error><Code>InternalError</Code></Error>".utf8))
        let test = try await S3Fixture(partSize: Self.partSize) { $0.number == 6 ? late : .none }
        try test.store.put(Self.big, as: "a")
        #expect(test.calls.filter { $0 == "POST p/a?uploadId" }.count == 2)
        #expect(try test.direct.bytes(of: "a") == Self.big)
    }

    @Test func `a name that is taken is refused before the first part, or at the end`() async throws {
        let test = try await S3Fixture(partSize: Self.partSize) { _ in .none }
        try test.direct.put([1], as: "a")
        #expect(try repositoryError { try test.store.put(Self.big, as: "a") }.failureClass == .refused)
        #expect(test.calls == ["HEAD p/a"])
        var sink = try test.store.put("b")
        try sink.write(Self.big)
        try test.direct.put([2], as: "b")
        let late = failureClass(of: sink)
        #expect(late == .refused)
        #expect(try test.direct.bytes(of: "b") == [2] && test.unfinishedUploads().isEmpty)
    }

    @Test func `a sweep removes old uploads of ours, and no others`() async throws {
        let test = try await S3Fixture(partSize: Self.partSize) {
            $0.method == "DELETE" && $0.number < 20 ? .failure(403, "AccessDenied") : .none
        }
        do {
            var sink = try test.store.put("dead/1")
            try sink.write(Self.big)
        }
        #expect(try test.unfinishedUploads().map(\.key) == ["p/dead/1"])
        #expect(try test.direct.sweepUnfinished() == 0)
        let elsewhere = try S3Fixture.store(
            test.server.location(bucket: test.bucket, prefix: "other"), test.server.environment)
        #expect(try elsewhere.sweepUnfinished(olderThan: 0) == 0)
        #expect(try test.direct.sweepUnfinished(olderThan: 0) == 1)
        #expect(try test.unfinishedUploads().isEmpty)
    }

    private func failureClass(of sink: consuming BlobSink) -> FailureClass? {
        do {
            try sink.finish()
            return nil
        } catch { return (error as? any ExplainedError)?.failureClass ?? .failure }
    }
}
