/// How often a claim is renewed, and when it is dead.
public struct ClaimTiming: Sendable, Hashable {
    /// How long after the last sign of life the next one is given.
    public var renewal: Duration = .seconds(5 * 60)
    /// How long after a sign of life that failed it is tried again.
    public var retry: Duration = .seconds(30)
    /// How long after the last sign of life, by the store's clock, a claim is dead.
    public var expiry: Duration = .seconds(30 * 60)
    /// How long before the expiry a run gives itself up: what it still does must end before others go on.
    public var margin: Duration = .seconds(5 * 60)
    /// How often a claim is tried when another run tries at the same moment.
    public var attempts = 6
    /// The longest time to wait before the second attempt; each further one may wait twice as long.
    public var patience: Duration = .milliseconds(500)

    /// The times of `docs/ARCHIVE-FORMAT.md`.
    public init() {}

    /// How long without a sign of life a run still trusts its own claim.
    var trust: Duration { expiry - margin }
}
