import CatalogInspection

/// Whether a server is the one of an earlier backup, and has run on since: only then does the identity of rows decide.
///
/// A disk that was put back, or a crash that lost commits under `synchronous_commit = off`, can give other rows the same
/// places and transactions. Within one life of a server without a crash no transaction number is used twice (but for
/// the wrap-around after 2³² of them). Each fact alone misses a case; together they catch those that are known:
/// another cluster, recovery to a point in time, a promotion, a restart, recovery of a crash (which begins the
/// statistics of the WAL anew), and a WAL that stands behind where it was.
struct ServerGuard: Sendable {
    let before: ServerDescription
    let now: ServerDescription

    /// Whether identity decides.
    var isSame: Bool {
        func isKnownAndSame<Value: Equatable>(_ fact: KeyPath<ServerDescription, Value?>) -> Bool {
            before[keyPath: fact] != nil && before[keyPath: fact] == now[keyPath: fact]
        }
        // A fact that a provider hides counts as changed.
        guard isKnownAndSame(\.systemIdentifier), isKnownAndSame(\.timeline), isKnownAndSame(\.startedAt),
            isKnownAndSame(\.statisticsResetAt), before.isInRecovery == now.isInRecovery,
            before.notReadable["isInRecovery"] == nil, now.notReadable["isInRecovery"] == nil,
            let earlier = before.lsn.flatMap(Self.position), let later = now.lsn.flatMap(Self.position)
        else { return false }
        return later >= earlier
    }

    /// A place in the WAL, such as `1/A0B1C2D3`.
    private static func position(_ text: String) -> UInt64? {
        let parts = text.split(separator: "/")
        guard parts.count == 2, let high = UInt32(parts[0], radix: 16), let low = UInt32(parts[1], radix: 16) else {
            return nil
        }
        return UInt64(high) << 32 | UInt64(low)
    }
}
