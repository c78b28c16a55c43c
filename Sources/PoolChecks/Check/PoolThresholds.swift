/// From when on something is worth saying.
public struct PoolThresholds: Sendable, Hashable {
    /// The part of the slots that is taken; more is a warning.
    public var share = 0.8
    /// How long a transaction may do nothing.
    public var idleInTransaction = Duration.seconds(60)
    /// How long a session may wait for another.
    public var blocked = Duration.seconds(10)
    /// How long a connection may be idle.
    public var idle = Duration.seconds(1_800)
    /// How long a client of the pooler may wait; longer is an error, any waiting a warning.
    public var poolerWait = Duration.seconds(5)

    /// The usual thresholds: those of the alerts PostgreSQLHighConnections and PostgreSQLMaxConnectionsReached.
    public init() {}
}
