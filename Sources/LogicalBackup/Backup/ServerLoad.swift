public import PostgresClient

/// How much a backup may be felt by those who work on the same server.
public struct ServerLoad: Sendable {
    /// What the rows are held to; `nil`: as fast as they come.
    public var pace: ReceivingPace?
    /// How long somebody may wait for a table that the backup holds before it gives way; zero: for ever.
    public var giveWayAfter: Duration
    /// Client slots to leave free: with fewer, the backup goes on with fewer sessions.
    public var margin: Int
    /// The pause between two looks at the server; tests take a shorter one.
    var lookEvery = Duration.seconds(3)

    /// A load with the defaults of the command line.
    ///
    /// - Parameters:
    ///   - pace: What the rows are held to.
    ///   - giveWayAfter: How long somebody may wait for a table that the backup holds; zero: for ever.
    ///   - margin: Client slots to leave free.
    public init(pace: ReceivingPace? = nil, giveWayAfter: Duration = .seconds(60), margin: Int = 6) {
        self.pace = pace
        self.giveWayAfter = giveWayAfter
        self.margin = margin
    }
}
