import Foundation
import PostgresClient
import PostgresTesting
import PostgresTypes
import Testing

@testable import LocalPostgres

/// A kept cluster through everything that happens to one; each test has its own folder and server.
@Suite(.tags(.server), .serialized, .requiresServer)
struct KeptClusterTests {
    private func withFolder(
        in parent: String = "/tmp",
        _ body: (KeptCluster, ServerBinaries) async throws -> Void
    ) async throws {
        let cluster = KeptCluster(folder: "\(parent)/wheels-db-test-\(UUID().uuidString)")
        let binaries = try await ThrowawayServer.binaries
        let account = try ServerAccount.forThisProcess()
        let socketDirectory = ClusterHome.socketDirectory(of: cluster.folder, user: account.user)
        do {
            try await body(cluster, binaries)
            try await cluster.remove()
        } catch {
            try? await cluster.remove()
            throw error
        }
        #expect(!FileManager.default.fileExists(atPath: cluster.folder))
        #expect(!FileManager.default.fileExists(atPath: socketDirectory))
    }

    private func run(_ sql: String, on server: LocalServer) async throws {
        let session = try await Session.connect(to: server.tcpSettings())
        try await session.executeScript(sql)
        await session.close()
    }

    private func processID(_ cluster: KeptCluster) async throws -> Int32 {
        guard case .running(let pid) = try await cluster.status().state else { return try #require(nil as Int32?) }
        return pid
    }

    @Test func `is made, started, found, stopped and started again with its data and its URL`() async throws {
        try await withFolder { cluster, binaries in
            #expect(try await cluster.status().state == .absent)
            let made = try await cluster.start(binaries: binaries)
            #expect(made.outcome == .created)
            try await run("CREATE TABLE public.trips (id int)", on: made.server)

            let again = try await cluster.start(binaries: binaries)
            #expect(again.outcome == .alreadyRunning)
            #expect(again.server.url() == made.server.url())
            let status = try await cluster.status()
            #expect(status.url == made.server.url())
            #expect(status.version?.major == binaries.version.major)
            #expect(try #require(status.databaseBytes) > 1_000_000)
            #expect(try #require(status.diskBytes) > 1_000_000)

            #expect(try await cluster.stop())
            #expect(!FileManager.default.fileExists(atPath: made.server.socketDirectory))
            #expect(try await !cluster.stop())
            #expect(try await cluster.status().state == .stopped)

            let restarted = try await cluster.start(binaries: binaries)
            #expect(restarted.outcome == .started)
            #expect(restarted.server.url() == made.server.url())
            try await run("SELECT FROM public.trips", on: restarted.server)

            let reset = try await cluster.reset(binaries: binaries)
            #expect(reset.url() == made.server.url())
            let error = await #expect(throws: PostgresError.self) {
                try await run("SELECT FROM public.trips", on: reset)
            }
            #expect(error?.sqlState == .undefinedTable)
        }
    }

    @Test func `a killed server comes back with what was committed`() async throws {
        try await withFolder { cluster, binaries in
            let made = try await cluster.start(binaries: binaries)
            try await run("CREATE TABLE public.trips (id int)", on: made.server)
            let pid = try await processID(cluster)
            kill(pid, SIGKILL)
            while Postmaster.running(in: made.server.dataDirectory) != nil {
                try await Task.sleep(for: .milliseconds(5))
            }
            #expect(try await cluster.status().state == .stopped)
            let restarted = try await cluster.start(binaries: binaries)
            #expect(restarted.outcome == .started)
            try await run("SELECT FROM public.trips", on: restarted.server)
        }
    }

    @Test func `a stale process id that another program has by now does not count`() async throws {
        try await withFolder { cluster, binaries in
            let made = try await cluster.start(binaries: binaries)
            try await cluster.stop()
            // A process of the server's own user, which PostgreSQL itself would take for a running server.
            let account = try ServerAccount.forThisProcess()
            try PrivateDirectory.makeSocketDirectory(made.server.socketDirectory, for: account)
            let command = account.command("/bin/sleep", ["60"])
            let other = try ChildProcess.spawn(command, environment: ChildEnvironment.plain, files: [:])
            defer {
                kill(other, SIGKILL)
                _ = ChildProcess.reap(other)
            }
            let socketLock = "\(made.server.socketDirectory)/.s.PGSQL.\(made.server.port).lock"
            let stale = "\(other)\n\(made.server.dataDirectory)\n1\n\(made.server.port)\n"
            let path = made.server.dataDirectory + "/postmaster.pid"
            try TextFile.write(stale + "\(made.server.socketDirectory)\n", to: path, mode: 0o600, owner: account)
            try TextFile.write(stale, to: socketLock, mode: 0o600, owner: account)
            #expect(try await cluster.status().state == .stopped)
            let restarted = try await cluster.start(binaries: binaries)
            #expect(restarted.outcome == .started)
            #expect(kill(other, 0) == 0)
        }
    }

    @Test func `another port is taken when somebody else has the old one`() async throws {
        try await withFolder { cluster, binaries in
            let made = try await cluster.start(binaries: binaries)
            try await cluster.stop()
            let listener = try LoopbackListener(port: made.server.port)
            let restarted = try await cluster.start(binaries: binaries)
            #expect(restarted.server.port != made.server.port)
            try await run("SELECT", on: restarted.server)
            listener.close()
        }
    }

    @Test func `a cluster whose making was cut short is made anew`() async throws {
        try await withFolder { cluster, binaries in
            _ = try await cluster.start(binaries: binaries)
            // As left by a kill before the record was written, with the server still there.
            try FileManager.default.removeItem(atPath: cluster.folder + "/cluster.json")
            #expect(try await cluster.status().state == .absent)
            #expect(try await cluster.start(binaries: binaries).outcome == .created)
            try await cluster.stop()
            // As left by a kill in the middle of initdb.
            try FileManager.default.removeItem(atPath: cluster.folder + "/cluster.json")
            try FileManager.default.removeItem(atPath: cluster.folder + "/cluster/data/global")
            #expect(try await cluster.start(binaries: binaries).outcome == .created)
        }
    }

    @Test(arguments: ["cluster/data/PG_VERSION", "cluster/data/postmaster.pid"])
    func `a start that is killed while it makes the cluster is made good by the next one`(file: String) async throws {
        try await withFolder { cluster, binaries in
            let folder = cluster.folder
            await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String, file = file as String] in
                let binaries = try await ThrowawayServer.binaries
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { _ = try await KeptCluster(folder: folder).start(binaries: binaries) }
                    while !FileManager.default.fileExists(atPath: "\(folder)/\(file)") {
                        try await Task.sleep(for: .milliseconds(1))
                    }
                    kill(getpid(), SIGKILL)
                    try await group.waitForAll()
                }
            }
            #expect(try await cluster.status().state == .absent)
            let made = try await cluster.start(binaries: binaries)
            #expect(made.outcome == .created)
            try await run("SELECT FROM auth.users", on: made.server)
        }
    }

    @Test func `two starts at once make one cluster`() async throws {
        try await withFolder { cluster, binaries in
            async let first = cluster.start(binaries: binaries)
            async let second = cluster.start(binaries: binaries)
            let both = try await [first, second]
            #expect(Set(both.map(\.outcome)) == [.created, .alreadyRunning])
            #expect(Set(both.map { $0.server.url() }).count == 1)
        }
    }

    @Test func `only the owner may read the password and enter the socket's directory`() async throws {
        try await withFolder { cluster, binaries in
            let made = try await cluster.start(binaries: binaries)
            let attributes = { try FileManager.default.attributesOfItem(atPath: $0)[.posixPermissions] as? Int }
            #expect(try attributes(cluster.folder + "/password") == 0o600)
            #expect(try attributes(made.server.socketDirectory) == 0o700)
            #expect(try attributes(made.server.dataDirectory) == 0o700)
        }
    }

    @Test(.enabled(if: geteuid() == 0, "root alone runs the server as another user"))
    func `below a private home the data goes where the server's user can enter, and it says so`() async throws {
        let home = "/tmp/wheels-db-home-\(UUID().uuidString)"
        try PrivateDirectory.make(home, mode: 0o700)
        defer { try? FileManager.default.removeItem(atPath: home) }
        try await withFolder(in: home) { cluster, binaries in
            let made = try await cluster.start(binaries: binaries)
            #expect(made.server.dataDirectory.hasPrefix("/var/lib/wheels-db/"))
            #expect(cluster.note(on: made.server)?.contains(made.server.dataDirectory) == true)
            try await run("SELECT", on: made.server)
        }
    }
}
