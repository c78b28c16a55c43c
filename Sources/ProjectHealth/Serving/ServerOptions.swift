/// The limits of a health server.
public struct ServerOptions: Sendable, Hashable {
    /// How long a report answers requests before a new one is made.
    public var cacheTime: Duration = .seconds(5)
    /// How many connections are open at a time; one more closes the one that has waited longest to ask.
    public var connectionLimit = 64
    /// How long a client has to send its request.
    public var requestTime: Duration = .seconds(5)
    /// How long a request waits for a report.
    public var reportTime: Duration = .seconds(30)
    /// How long a client has to take its answer, also when the server is stopping.
    public var answerTime: Duration = .seconds(5)

    /// The usual limits.
    public init() {}
}
