import FoundationEssentials

/// What a web hook and a program get about one event; its keys are stable.
struct NotificationDocument: Encodable {
    let schema = "wheels-db/notification/v1"
    let event: String
    let command: String
    let environment: String?
    let host: String?
    let repository: String?
    let exit: Int32?
    let seconds: Double?
    let code: String?
    let summary: String
    let remedy: String?
    let version: String

    /// The document of an event.
    ///
    /// - Parameter event: What happened.
    init(_ event: RunEvent) {
        self.event = event.kind.rawValue
        command = event.command
        environment = event.environment
        host = event.host
        repository = event.repository
        exit = event.exit?.rawValue
        seconds = event.duration.map { $0 / .seconds(1) }
        code = event.error?.code
        summary = event.error?.summary ?? event.headline
        remedy = event.error?.remedy
        version = WheelsDB.version
    }

    /// Its bytes.
    ///
    /// - Throws: What the encoder throws.
    func encoded() throws -> [UInt8] { try Self.json(self) }

    /// A value as JSON in one line.
    ///
    /// - Throws: What the encoder throws.
    static func json(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }
}
