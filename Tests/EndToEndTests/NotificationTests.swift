import Foundation
import ObjectStoreTesting
import PostgresClient
import PostgresTesting
import Testing

@Suite("Notifications", .tags(.server))
struct NotificationTests {
    private static let configuration = """
        notifications:
          - { url_from: MONITOR_URL, as: ping }
          - { url_from: HOOK_URL, on: [failure, findings] }
        """

    private func run(
        _ work: Workplace,
        _ arguments: [String],
        on settings: ConnectionSettings?,
        told proxy: FaultProxy
    ) async throws -> WheelsProgram.Outcome {
        let place = "http://127.0.0.1:\(proxy.port)"
        let variables = ["MONITOR_URL": "\(place)/ping/secret-id", "HOOK_URL": "\(place)/hook"]
        let own = Workplace.variables(settings)
        return try await work.program.run(arguments, adding: own.merging(variables) { first, _ in first })
    }

    @Test(.scratchDatabase, .timeLimit(.minutes(5)))
    func `a night that goes well and one that fails are heard of, once each`() async throws {
        let work = try Workplace()
        let settings = try ScratchDatabase.current.settings
        #expect(try await work.makeRepository().status == 0)
        try work.write(Self.configuration, to: "wheels-db.yml")
        let proxy = try FaultProxy(before: nil) { _ in .answer(200) }
        let create = ["backup", "create", "--repository", work.repository.path]
        let good = try await run(work, create, on: settings, told: proxy)
        #expect(good.status == 0, "\(good)")
        #expect(proxy.requests.map(\.target) == ["/ping/secret-id/start", "/ping/secret-id"])
        let verified = try await run(work, ["backup", "verify", "latest"] + work.keys, on: nil, told: proxy)
        #expect(verified.status == 0 && proxy.requests.count == 2, "another job is none of the monitor's: \(verified)")

        let away = try ConnectionSettings("postgresql://postgres@127.0.0.1:9/postgres?connect_timeout=1")
        let bad = try await run(work, create + ["--wait-timeout", "0s"], on: away, told: proxy)
        #expect(bad.status == 14, "\(bad)")
        #expect(
            proxy.requests.dropFirst(2).map(\.target) == ["/ping/secret-id/start", "/ping/secret-id/fail", "/hook"])
        #expect(proxy.requests.dropFirst(2).last.map { $0.length > 100 } == true)

        try await Task.sleep(for: .milliseconds(1_200))
        let before = proxy.requests.count
        let old = try await run(work, ["backup", "check", "--max-age", "1s"] + work.keys, on: nil, told: proxy)
        #expect(old.status == 2, "\(old)")
        let told = proxy.requests.dropFirst(before)
        #expect(told.map(\.target) == ["/hook"])
        // The finding stands in it.
        #expect(told.first.map { $0.length > 250 } == true)
    }

    @Test(.scratchDatabase, .timeLimit(.minutes(5)))
    func `whoever cannot be told does not change how a run ends, and no address is shown`() async throws {
        let work = try Workplace()
        let settings = try ScratchDatabase.current.settings
        #expect(try await work.makeRepository().status == 0)
        try work.write(Self.configuration, to: "wheels-db.yml")
        let proxy = try FaultProxy(before: nil) { _ in .answer(503) }
        let create = ["backup", "create", "--repository", work.repository.path]
        let outcome = try await run(work, create, on: settings, told: proxy)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.errors.contains("MONITOR_URL could not be told of this run: it answered 503."), "\(outcome)")
        #expect(!outcome.errors.contains("secret-id"), "\(outcome)")
        #expect(proxy.requests.count == 4, "each message is tried twice")
        let unset = try await work.run(create, on: settings)
        #expect(unset.status == 0 && unset.errors.contains("MONITOR_URL of notifications is not set"), "\(unset)")
    }
}
