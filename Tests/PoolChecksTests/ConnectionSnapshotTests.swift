import Foundation
import Testing

@testable import PoolChecks

@Suite("A snapshot of the connections")
struct ConnectionSnapshotTests {
    @Test func `only client backends take slots, and the one that looks is not counted`() {
        var own = session(1)
        own.isOwn = true
        let found = snapshot([
            own, session(2), session(3, type: "walsender"), session(4, role: nil, type: "autovacuum worker"),
        ])
        #expect(found.limit == 57)
        #expect(found.used == 1)
        #expect(found.free == 56)
    }

    @Test(arguments: [(56, 1), (57, 0), (58, 0), (60, 0), (90, 0)])
    func `free is never negative, whoever uses the reserved slots`(taken: Int, free: Int) {
        let found = snapshot((1...taken).map { session($0) })
        #expect(found.used == taken)
        #expect(found.free == free)
    }

    @Test func `the reserved slots of newer servers are taken off as well`() {
        #expect(ConnectionSnapshot(maxConnections: 60, superuserReserved: 3, reserved: 5).limit == 52)
        #expect(ConnectionSnapshot(maxConnections: 3, superuserReserved: 3, reserved: 5).limit == 0)
        #expect(ConnectionSnapshot(maxConnections: 3, superuserReserved: 3).share == 1)
    }

    @Test func `a role that sees little counts every session with a role`() {
        let found = snapshot([session(1, state: nil, type: nil), session(2, role: nil, state: nil, type: nil)])
        #expect(found.used == 1)
        #expect(!found.isComplete)
    }

    @Test func `groups are by role, application, client and state, the largest first`() {
        let found = snapshot([
            session(1, application: "api", for: 5), session(2, application: "api", for: 9),
            session(3, application: "api", state: "idle in transaction (aborted)"), session(4, role: "other"),
        ])
        #expect(found.groups.map(\.count) == [2, 1, 1])
        #expect(found.groups.first?.oldestState == 9)
        #expect(found.groups.contains { $0.key.state == "idle in transaction (aborted)" })
    }

    @Test func `the last snapshot is kept without the text of statements, for its user alone`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pools-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let memory = LastSnapshot(host: "/tmp/a b", port: 5432, in: folder.path + "/pool-check")
        #expect(memory.path.hasSuffix("/pool-check/_tmp_a_b_5432.json"))
        #expect(memory.read() == nil)
        var asked = session(1)
        asked.query = "select 'secret'"
        try memory.write(snapshot([asked]))
        try memory.write(snapshot([asked, session(2)]))
        #expect(memory.read()?.used == 2)
        #expect(try !String(contentsOfFile: memory.path, encoding: .utf8).contains("secret"))
        let mode = try FileManager.default.attributesOfItem(atPath: folder.path + "/pool-check")[.posixPermissions]
        #expect(mode as? Int == 0o700)
        try Data("{}".utf8).write(to: URL(filePath: memory.path))
        #expect(memory.read() == nil)
    }
}

@Suite("Who blocks whom")
struct BlockedChainTests {
    @Test func `the idle transaction is the root of a queue behind an ALTER TABLE`() throws {
        let chains = BlockedChain.chains(in: [
            session(1, state: "idle in transaction"), session(2, for: 30, blockedBy: [1]),
            session(3, for: 20, blockedBy: [2]), session(4, for: 10, blockedBy: [2]), session(5),
        ])
        let chain = try #require(chains.first)
        #expect(chains.count == 1)
        #expect(chain.root?.pid == 1)
        #expect(chain.waiters.map(\.session.pid) == [2, 3, 4])
        #expect(chain.waiters.map(\.depth) == [1, 2, 2])
        #expect(chain.longestWait == 30)
    }

    @Test func `the chain with the most waiters comes first`() {
        let chains = BlockedChain.chains(in: [
            session(1), session(2, blockedBy: [1]), session(3), session(4, blockedBy: [3]), session(5, blockedBy: [3]),
        ])
        #expect(chains.map(\.rootPID) == [3, 1])
    }

    @Test func `a prepared transaction, a session that is gone and a ring are roots too`() {
        #expect(BlockedChain.chains(in: [session(2, blockedBy: [0])]).map(\.rootPID) == [0])
        #expect(BlockedChain.chains(in: [session(2, blockedBy: [9])]).map { $0.root == nil } == [true])
        let ring = BlockedChain.chains(in: [session(1, blockedBy: [2]), session(2, blockedBy: [1])])
        #expect(ring.map(\.rootPID) == [1])
        #expect(ring.first?.waiters.map(\.session.pid) == [2])
    }
}
