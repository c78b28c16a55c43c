import Foundation
import PostgresClient
import PostgresTesting
import Testing

@testable import LocalPostgres

/// A throwaway cluster is gone when its owner is, however the owner ends.
@Suite(.tags(.server), .serialized, .requiresServer)
struct ThrowawayClusterTests {
    private struct Trouble: Error {}

    /// Waits until nothing is left of a cluster.
    private func isGone(_ dataDirectory: String, _ socketDirectory: String) async throws -> Bool {
        let folder = URL(fileURLWithPath: dataDirectory).deletingLastPathComponent().deletingLastPathComponent().path
        for _ in 0..<1_000 {
            let paths = [folder, socketDirectory].filter { FileManager.default.fileExists(atPath: $0) }
            if paths.isEmpty { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    @Test func `is lent to a piece of work and removed afterwards, also when the work fails`() async throws {
        let binaries = try await ThrowawayServer.binaries
        let lent = try await withThrowawayServer(binaries: binaries) { server in
            try await server.createSupabaseDatabase(named: "drill \"1\"", era: .apiRolesGetNone)
            let session = try await Session.connect(to: server.settings(database: "drill \"1\""))
            _ = try await session.query("SELECT FROM auth.users")
            await session.close()
            try await server.dropDatabase(named: "drill \"1\"")
            return server
        }
        #expect(try await isGone(lent.dataDirectory, lent.socketDirectory))

        var kept: LocalServer?
        await #expect(throws: Trouble.self) {
            try await withThrowawayServer(binaries: binaries) { server in
                kept = server
                throw Trouble()
            }
        }
        let failed = try #require(kept)
        #expect(try await isGone(failed.dataDirectory, failed.socketDirectory))
    }

    @Test func `dies with an owner that is killed`() async throws {
        let note = "/tmp/wheels-db-note-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: note) }
        await #expect(processExitsWith: .signal(SIGKILL)) { [note = note as String] in
            let cluster = try await ThrowawayCluster.start(binaries: ThrowawayServer.binaries)
            let places = cluster.server.dataDirectory + "\n" + cluster.server.socketDirectory
            try TextFile.write(places, to: note, mode: 0o600)
            kill(getpid(), SIGKILL)
        }
        let places = try #require(TextFile.read(note)).split(separator: "\n").map(String.init)
        #expect(try await isGone(places[0], places[1]))
    }

    @Test func `what an owner and its supervisor left behind is swept by the next start`() async throws {
        let note = "/tmp/wheels-db-note-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: note) }
        await #expect(processExitsWith: .signal(SIGKILL)) { [note = note as String] in
            let cluster = try await ThrowawayCluster.start(binaries: ThrowawayServer.binaries)
            let server = cluster.server
            let postmaster = try #require(Postmaster.running(in: server.dataDirectory))
            let statistics = try #require(TextFile.read("/proc/\(postmaster.pid)/stat"))
            let supervisor = try #require(Int32(statistics.split(separator: " ")[3]))
            try TextFile.write(server.dataDirectory + "\n" + server.socketDirectory, to: note, mode: 0o600)
            kill(supervisor, SIGKILL)
            kill(getpid(), SIGKILL)
        }
        let places = try #require(TextFile.read(note)).split(separator: "\n").map(String.init)
        #expect(Postmaster.running(in: places[0]) != nil)
        let folder = URL(fileURLWithPath: places[0]).deletingLastPathComponent().deletingLastPathComponent().path
        // Somebody who waits long enough; the sweep leaves young folders alone.
        await ThrowawayFolder.sweep("/tmp")
        #expect(Postmaster.running(in: places[0]) != nil)
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -120)], ofItemAtPath: folder)
        await ThrowawayFolder.sweep("/tmp")
        #expect(Postmaster.running(in: places[0]) == nil)
        #expect(try await isGone(places[0], places[1]))
    }

    @Test func `a port that is taken between looking and binding is not the end`() async throws {
        let account = try ServerAccount.forThisProcess()
        let folder = try ThrowawayFolder.make(in: "/tmp", for: account)
        defer { folder.remove() }
        let taken = try FreePort.probe()
        let listener = try LoopbackListener(port: taken)
        var options = LocalServerOptions.throwaway
        options.port = taken
        let builder = ClusterBuilder(
            binaries: try await ThrowawayServer.binaries,
            account: account,
            home: folder.home,
            socketDirectory: folder.socketDirectory,
            options: options
        )
        try await builder.makeFiles(holding: folder.ownership)
        let (process, port) = try await builder.launch(removing: (folder.path, folder.socketDirectory))
        #expect(port != taken)
        await process.end()
        #expect(!FileManager.default.fileExists(atPath: folder.path))
        listener.close()
    }

    @Test func `a server that cannot start says why`() async throws {
        let binaries = try await ThrowawayServer.binaries
        var options = LocalServerOptions.throwaway
        options.settings = ["no_such_setting": "1"]
        let error = await #expect(throws: LocalServerError.self) {
            _ = try await ThrowawayCluster.start(binaries: binaries, options: options)
        }
        #expect(error?.code == "local.did-not-start")
        #expect(error?.summary.contains("no_such_setting") == true)
    }
}
