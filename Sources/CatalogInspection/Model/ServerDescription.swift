/// What a server is, and where it stood at a moment.
public struct ServerDescription: Sendable, Hashable, Codable {
    /// What the server says it is, such as `PostgreSQL 15.8 on aarch64-unknown-linux-gnu, compiled by …`.
    public let version: String?
    /// The number that `initdb` gave the cluster.
    public let systemIdentifier: String?
    /// The timeline, which counts recoveries to a point in time and promotions.
    public let timeline: Int?
    /// The server is a replica.
    public let isInRecovery: Bool
    /// How far the WAL was flushed, on a replica replayed, when the snapshot had just been taken.
    public let lsn: String?
    /// The server's clock at that moment, ISO 8601 in UTC.
    public let clock: String?
    /// When the server was started; a crash of one of its processes does not change it.
    public let startedAt: String?
    /// When its statistics of the WAL began; recovery from any crash changes it.
    public let statisticsResetAt: String?
    /// What the role may not read of all this, with the server's reason.
    public let notReadable: [String: String]
    /// The settings that matter for what was backed up.
    public let settings: [ServerSetting]
}

/// A setting of the server.
public struct ServerSetting: Sendable, Hashable, Codable {
    /// The setting's name.
    public let name: String
    /// Its value, with the unit the server counts it in.
    public let value: String?
    /// Whether the value is here; `absent` for a setting this server does not know.
    public let state: ReadingState
}
