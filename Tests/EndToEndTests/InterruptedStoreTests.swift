import Foundation
import Glibc
import ObjectStoreTesting
import PostgresClient
import PostgresTesting
import Testing

/// Commands that only talk to a store, ended by Ctrl-C while the store takes its time.
@Suite("Interrupted work on a repository", .tags(.server), .requiresObjectStore)
struct InterruptedStoreTests {
    /// A repository on S3 with some deleted backups, and a proxy that makes each request of one kind slow.
    private struct Bench {
        let work: Workplace
        let proxy: FaultProxy
        /// The repository through the proxy.
        let slow: [String]
        /// The repository without the proxy.
        let direct: [String]
        let variables: [String: String]

        init() async throws {
            let store = try await ObjectStore.shared()
            let bucket = try store.makeBucket()
            let proxy = try FaultProxy(before: store.port) { _ in .slow(150) }
            work = try Workplace()
            self.proxy = proxy
            let settings = try ScratchDatabase.current.settings
            variables = store.environment.merging(["DATABASE_URL": settings.url]) { $1 }
            let identity = ["--identity", work.identity.path]
            direct = ["--repository", store.location(bucket: bucket, prefix: "app")] + identity
            slow = ["--repository", store.location(bucket: bucket, prefix: "app", port: proxy.port)] + identity
            try await expectSuccess(["repository", "init", direct[0], direct[1], "--new-identity", work.identity.path])
            let session = try await ScratchDatabase.current.session()
            try await session.executeScript("create table public.note (id int primary key, body text)")
            for number in 0..<3 {
                try await session.execute("insert into public.note values (\(number), md5(\(number)::text))")
                try await expectSuccess(["backup", "create"] + direct)
            }
            try await expectSuccess(["backup", "prune", "--keep-last", "1"] + direct)
        }

        @discardableResult
        func expectSuccess(_ arguments: [String]) async throws -> WheelsProgram.Outcome {
            let outcome = try await work.program.run(arguments, adding: variables)
            #expect(outcome.status == 0, "\(arguments.prefix(2)): \(outcome)")
            return outcome
        }

        /// Starts a command, interrupts it after some requests, and expects that it ends soon and leaves no claim.
        func interrupt(_ arguments: [String], after requests: Int, _ signal: Int32 = SIGINT) async throws {
            let before = proxy.requests.count
            let run = try work.program.start(arguments, adding: variables)
            let isAtWork = try await eventually { proxy.requests.count >= before + requests }
            #expect(isAtWork)
            run.send(signal)
            let begin = ContinuousClock.now
            let outcome = try await run.outcome()
            #expect(outcome.status == 130, "\(arguments.prefix(3)): \(outcome)")
            #expect(ContinuousClock.now - begin < .seconds(6), "\(arguments.prefix(3))")
            try await expectSuccess(["repository", "check", "--read-data"] + direct)
            let next = try await work.program.run(["backup", "undelete", "none"] + direct, adding: variables)
            #expect(next.status == 10, "the claim is given back: \(next)")
        }
    }

    @Test(.scratchDatabase) func `a prune, a check, a change of keys and an undelete end soon with 130`() async throws {
        let bench = try await Bench()
        for requests in [2, 14, 26] {
            try await bench.interrupt(
                ["backup", "prune", "--keep-last", "1", "--grace", "0"] + bench.slow, after: requests)
        }
        try await bench.interrupt(["repository", "check"] + bench.slow, after: 8)
        try await bench.interrupt(["backup", "undelete", "2"] + bench.slow, after: 8, SIGTERM)
        try await bench.interrupt(["backup", "list"] + bench.slow, after: 1)
        let key = bench.work.folder.appendingPathComponent("next.writer-key").path
        let rotate = ["repository", "keys", "rotate", "--new-writer-key", key]
        try await bench.interrupt(rotate + bench.slow, after: 12)
        #expect(!FileManager.default.fileExists(atPath: key), "nothing was changed, so no key is left")
        try await bench.expectSuccess(rotate + bench.direct)
        try await bench.expectSuccess(["backup", "create", "--writer-key", key] + bench.direct)
        try await bench.expectSuccess(["backup", "verify"] + bench.direct)
    }

    @Test(.scratchDatabase) func `a store that does not answer is left at once`() async throws {
        let work = try Workplace()
        let proxy = try FaultProxy(before: nil) { _ in .failure(503, "SlowDown") }
        let place = "s3://bucket/app?endpoint=http://127.0.0.1:\(proxy.port)"
        let run = try work.program.start(
            ["repository", "keys", "list", "--repository", place], adding: ObjectStore.key.environment)
        let isAtWork = try await eventually { proxy.requests.count >= 3 }
        #expect(isAtWork)
        run.send(SIGINT)
        let begin = ContinuousClock.now
        let outcome = try await run.outcome()
        #expect(outcome.status == 130, "\(outcome)")
        #expect(ContinuousClock.now - begin < .seconds(2))
    }

    @Test(.scratchDatabase) func `a prune of a folder stops in the middle of its removal, and the next goes on`()
        async throws
    {
        let work = try Workplace()
        #expect(try await work.makeRepository().status == 0)
        // What killed runs left, in great number.
        let chunks = work.repository.appendingPathComponent("chunks")
        try FileManager.default.createDirectory(at: chunks, withIntermediateDirectories: true)
        for number in 0..<5_000 {
            let name = String(number, radix: 16)
            let file = chunks.appendingPathComponent(String(repeating: "0", count: 32 - name.count) + name)
            try Data([1]).write(to: file)
        }
        let prune = ["backup", "prune", "--keep-last", "1", "--grace", "0"] + work.keys
        func left() -> Int { (try? FileManager.default.contentsOfDirectory(atPath: chunks.path).count) ?? 0 }
        let run = try work.start(prune)
        let isAtWork = try await eventually { left() < 5_000 }
        #expect(isAtWork)
        run.send(SIGTERM)
        let outcome = try await run.outcome()
        #expect(outcome.status == 130 && outcome.errors.contains("of 5000 objects were removed"), "\(outcome)")
        #expect((1..<5_000).contains(left()))
        #expect(!work.objects().keys.contains { $0.hasPrefix("claims/") })
        let next = try await work.run(prune)
        #expect(next.status == 0, "\(next)")
        #expect(left() == 0)
        let claims = work.repository.appendingPathComponent("claims").path
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: claims).isEmpty, "no folder of an old claim is left")
    }
}
