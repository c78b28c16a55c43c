/// How one service is.
public struct ServiceHealth: Sendable, Hashable {
    /// Its name, such as `database` or the name of a probe.
    public let name: String
    /// Its state in one word or two, such as `connected` or `2 pending`.
    public let state: String
    /// What is wrong, as a sentence without secrets; `nil` when it is as it should be.
    public let problem: String?
    /// How long it took to find out.
    public let duration: Duration
    /// Its numbers, for monitoring.
    public let metrics: [Metric]

    /// The health of a service.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - state: Its state in one word or two.
    ///   - problem: What is wrong.
    ///   - duration: How long it took to find out.
    ///   - metrics: Its numbers.
    public init(
        _ name: String,
        _ state: String,
        problem: String? = nil,
        duration: Duration = .zero,
        metrics: [Metric] = []
    ) {
        self.name = name
        self.state = state
        self.problem = problem
        self.duration = duration
        self.metrics = metrics
    }

    /// Whether it is as it should be.
    public var isHealthy: Bool { problem == nil }

    /// The same health with the time that finding it took.
    ///
    /// - Parameter duration: The time.
    /// - Returns: The changed copy.
    public func taking(_ duration: Duration) -> ServiceHealth {
        ServiceHealth(name, state, problem: problem, duration: duration, metrics: metrics)
    }
}
