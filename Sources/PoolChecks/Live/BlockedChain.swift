/// A session that blocks others and waits for none itself, and everyone who waits behind it.
public struct BlockedChain: Sendable, Hashable {
    /// One session that waits, and how far from the root it stands.
    public struct Waiter: Sendable, Hashable {
        /// The session.
        public let session: ServerSession
        /// 1 for those that wait for the root itself.
        public let depth: Int
    }

    /// The session at the root; `nil` when it is a prepared transaction, or gone by now.
    public let root: ServerSession?
    /// Its process; 0 for a prepared transaction.
    public let rootPID: Int
    /// Everyone behind it, nearest first.
    public let waiters: [Waiter]

    /// The longest that one of them has waited, in seconds.
    public var longestWait: Double { waiters.compactMap(\.session.stateAge).max() ?? 0 }

    /// The chains of a snapshot, the one with the most waiters first.
    ///
    /// A statement that waits in the queue of a lock blocks those behind it: an ALTER TABLE that waits for an idle
    /// transaction stops every reader of the table. The root is the idle transaction.
    ///
    /// - Parameter sessions: The sessions with the processes that block them.
    /// - Returns: One chain for each root. In a ring, a deadlock that the server has not broken yet, the smallest process
    ///   stands for the root.
    public static func chains(in sessions: [ServerSession]) -> [BlockedChain] {
        let byPID = Dictionary(sessions.map { ($0.pid, $0) }) { first, _ in first }
        let blocked = sessions.filter { !$0.blockedBy.isEmpty }
        let waiting = Set(blocked.map(\.pid))
        var roots = Set(blocked.flatMap(\.blockedBy)).subtracting(waiting).sorted()
        var chains = roots.map { chain(from: $0, blocked, byPID) }
        var reached = Set(chains.flatMap { $0.waiters.map(\.session.pid) })
        for session in blocked.sorted(by: { $0.pid < $1.pid }) where !reached.contains(session.pid) {
            roots.append(session.pid)
            let ring = chain(from: session.pid, blocked, byPID)
            reached.formUnion(ring.waiters.map(\.session.pid))
            reached.insert(session.pid)
            chains.append(ring)
        }
        return chains.sorted { ($1.waiters.count, $0.rootPID) < ($0.waiters.count, $1.rootPID) }
    }

    /// Breadth first, so that each session stands at its shortest distance.
    private static func chain(
        from root: Int,
        _ blocked: [ServerSession],
        _ byPID: [Int: ServerSession]
    ) -> BlockedChain {
        var seen: Set<Int> = [root]
        var waiters: [Waiter] = []
        var level: Set<Int> = [root]
        var depth = 1
        while !level.isEmpty {
            let next = blocked.filter { !seen.contains($0.pid) && !level.isDisjoint(with: $0.blockedBy) }
            waiters += next.map { Waiter(session: $0, depth: depth) }
            level = Set(next.map(\.pid))
            seen.formUnion(level)
            depth += 1
        }
        return BlockedChain(root: byPID[root], rootPID: root, waiters: waiters)
    }
}
