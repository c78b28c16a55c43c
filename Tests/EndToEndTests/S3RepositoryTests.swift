import Foundation
import ObjectStoreTesting
import PostgresClient
import PostgresTesting
import Testing

@Suite("A repository on S3", .tags(.server), .requiresObjectStore)
struct S3RepositoryTests {
    @Test(.scratchDatabase)
    func `a backup comes back on a machine that has only address, credentials and identity`() async throws {
        let store = try await ObjectStore.shared()
        let place = store.location(bucket: try store.makeBucket(), prefix: "app")
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript(
            """
            create table public.note (id int primary key, body text);
            insert into public.note select n, md5(n::text) || repeat(' and so on', n % 7) from generate_series(1, 20000) n;
            """
        )
        let here = try Workplace()
        let made = try await here.program.run(
            ["repository", "init", "--repository", place, "--new-identity", here.identity.path],
            adding: store.environment)
        #expect(made.status == 0 && made.output.contains("AWS_ACCESS_KEY_ID"), "\(made)")
        let source = try ScratchDatabase.current.settings
        let created = try await here.program.run(
            ["backup", "create", "--repository", place],
            adding: store.environment.merging(["DATABASE_URL": source.url]) { $1 })
        #expect(created.status == 0, "\(created)")

        // Another machine: another home, without the writer key.
        let there = try Workplace()
        let identity = try there.write(Data(contentsOf: here.identity), to: "card.identity")
        let keys = ["--repository", place, "--identity", identity]
        let listed = try await there.program.run(["backup", "list"] + keys, adding: store.environment)
        #expect(listed.status == 0, "\(listed)")
        let verified = try await there.program.run(["backup", "verify"] + keys, adding: store.environment)
        #expect(verified.status == 0, "\(verified)")
        let target = try await ScratchDatabase.current.anotherDatabase()
        let restored = try await there.program.run(
            ["restore", "run", "latest", "--yes"] + keys,
            adding: store.environment.merging(["DATABASE_URL": target.url]) { $1 })
        #expect(restored.status == 0 && restored.output.contains("Proved"), "\(restored)")
    }

    @Test(.scratchDatabase)
    func `an object of many tables is fetched once by a verification and once by a restore`() async throws {
        let store = try await ObjectStore.shared()
        let proxy = try FaultProxy(before: store.port) { _ in .none }
        let bucket = try store.makeBucket()
        let place = store.location(bucket: bucket, prefix: "app", port: proxy.port)
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript(
            (0..<30).map { "create table public.t\($0) as select n, md5(n::text) from generate_series(1, 50) n;" }
                .joined(separator: "\n"))
        let work = try Workplace()
        let keys = ["--repository", place, "--identity", work.identity.path]
        func run(_ arguments: [String], on settings: ConnectionSettings? = nil) async throws -> WheelsProgram.Outcome {
            try await work.program.run(
                arguments, adding: store.environment.merging(settings.map { ["DATABASE_URL": $0.url] } ?? [:]) { $1 })
        }
        let made = try await run(["repository", "init", "--repository", place, "--new-identity", work.identity.path])
        #expect(made.status == 0, "\(made)")
        let created = try await run(
            ["backup", "create", "--jobs", "1", "--repository", place], on: try ScratchDatabase.current.settings)
        #expect(created.status == 0, "\(created)")
        /// How often each object of rows is asked for while something runs.
        func fetches(_ body: () async throws -> Void) async throws -> [Int] {
            let before = proxy.requests.count
            try await body()
            let targets = proxy.requests.dropFirst(before).filter {
                $0.method == "GET" && $0.target.contains("/chunks/")
            }
            return Dictionary(grouping: targets, by: \.target).values.map(\.count)
        }
        let verifying = try await fetches {
            let verified = try await run(["backup", "verify"] + keys)
            #expect(verified.status == 0, "\(verified)")
        }
        #expect(!verifying.isEmpty && verifying.allSatisfy { $0 == 1 }, "\(verifying)")
        let target = try await ScratchDatabase.current.anotherDatabase()
        let restoring = try await fetches {
            let restored = try await run(["restore", "run", "latest", "--yes"] + keys, on: target)
            #expect(restored.status == 0, "\(restored)")
        }
        // Tables whose columns name catalog objects come after the others.
        #expect(!restoring.isEmpty && restoring.allSatisfy { $0 <= 2 }, "\(restoring)")
    }

    @Test(.scratchDatabase) func `wrong credentials, no bucket and no server each have their code`() async throws {
        let store = try await ObjectStore.shared()
        let bucket = try store.makeBucket()
        let place = store.location(bucket: bucket, prefix: "app")
        let work = try Workplace()
        #expect(
            try await work.program.run(
                ["repository", "init", "--repository", place, "--new-identity", work.identity.path],
                adding: store.environment
            ).status == 0)
        func list(_ place: String, _ variables: [String: String]) async throws -> WheelsProgram.Outcome {
            try await work.program.run(
                ["backup", "list", "--repository", place, "--identity", work.identity.path, "--wait-timeout", "1s"],
                adding: variables)
        }
        let wrong = try await list(
            place, ["AWS_ACCESS_KEY_ID": "WHEELSKEY", "AWS_SECRET_ACCESS_KEY": "not/the/secret"])
        #expect(wrong.status == 15 && !wrong.errors.contains("not/the/secret"), "\(wrong)")
        let none = try await list(place, [:])
        #expect(none.status == 15, "\(none)")
        let bucketless = try await list(
            store.location(bucket: "wheels-no-such-bucket", prefix: "app"), store.environment)
        #expect(bucketless.status == 10, "\(bucketless)")
        let empty = try await list(store.location(bucket: bucket, prefix: "elsewhere"), store.environment)
        #expect(empty.status == 10, "\(empty)")
        let down = try await list(store.location(bucket: bucket, prefix: "app", port: 9), store.environment)
        #expect(down.status == 14, "\(down)")
    }
}
