public import FoundationEssentials

/// The health of a project at one moment: what `health` prints and `/health` answers.
///
/// ```json
/// {"services":{"connections":"12 of 57","database":"connected","migrations":"current"},
///  "status":"healthy","timestamp":"2026-01-02T03:04:05Z","version":"0.1.0"}
/// ```
public struct HealthReport: Sendable, Hashable {
    /// The state of the whole.
    public enum Status: String, Sendable, Codable {
        /// Every service is as it should be.
        case healthy
        /// Something is not.
        case degraded
    }

    /// When it was made.
    public let timestamp: Date
    /// The services that were looked at, in order.
    public let services: [ServiceHealth]
    /// The version of the tool.
    public let version: String

    /// A report of services.
    ///
    /// - Parameters:
    ///   - timestamp: When it was made.
    ///   - services: The services, in order.
    ///   - version: The version of the tool.
    public init(timestamp: Date, services: [ServiceHealth], version: String) {
        self.timestamp = timestamp
        self.services = services
        self.version = version
    }

    /// Healthy when every service is.
    public var status: Status { services.allSatisfy(\.isHealthy) ? .healthy : .degraded }

    /// What is wrong, in one sentence a service; `nil` when nothing is.
    public var error: String? {
        let problems = services.compactMap { service in service.problem.map { "\(service.name): \($0)" } }
        return problems.isEmpty ? nil : problems.joined(separator: " ")
    }
}

extension HealthReport: Encodable {
    private enum Key: String, CodingKey {
        case status
        case timestamp
        case services
        case version
        case error
    }

    /// Writes the document; `error` only when something is wrong.
    ///
    /// - Parameter encoder: Where to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(status, forKey: .status)
        try container.encode(timestamp.formatted(.iso8601), forKey: .timestamp)
        let states = Dictionary(services.map { ($0.name, $0.state) }) { first, _ in first }
        try container.encode(states, forKey: .services)
        try container.encode(version, forKey: .version)
        try container.encodeIfPresent(error, forKey: .error)
    }

    /// The document as one line of text.
    ///
    /// - Returns: JSON with sorted keys, and a line end.
    /// - Throws: What the encoder throws.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}
