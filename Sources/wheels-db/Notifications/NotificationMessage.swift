import FoundationEssentials
import HTTPClient

/// What is sent to one address about one event.
struct NotificationMessage: Sendable {
    let request: HTTPRequest
    let body: [UInt8]

    /// The request in the shape that the receiver understands.
    ///
    /// - Parameters:
    ///   - event: What happened.
    ///   - shape: What the receiver understands.
    ///   - url: The address; it is a secret.
    /// - Throws: What the encoder throws.
    init(_ event: RunEvent, as shape: NotificationSettings.Shape, to url: String) throws {
        switch shape {
        case .ping:
            let end = event.kind == .success ? "" : event.kind == .start ? "/start" : "/fail"
            request = HTTPRequest("POST", Self.url(url, appending: end), fields: [.init("Content-Type", "text/plain")])
            body = Array(event.sentence.utf8)
        case .sentry:
            let state = event.kind == .success ? "ok" : event.kind == .start ? "in_progress" : "error"
            request = HTTPRequest("POST", url + (url.contains("?") ? "&" : "?") + "status=\(state)")
            body = []
        case .slack:
            request = HTTPRequest("POST", url, fields: [.init("Content-Type", "application/json")])
            body = try Self.json(["text": event.sentence])
        case .webhook:
            request = HTTPRequest("POST", url, fields: [.init("Content-Type", "application/json")])
            body = try Self.json(Document(event))
        }
    }

    /// A path goes before the query.
    private static func url(_ url: String, appending end: String) -> String {
        let query = url.firstIndex(of: "?") ?? url.endIndex
        var path = url[..<query]
        while path.last == "/" { path.removeLast() }
        return path + end + url[query...]
    }

    private static func json(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }

    /// The body of a web hook; its keys are stable.
    private struct Document: Encodable {
        let schema = "wheels-db/notification/v1"
        let event: String
        let command: String
        let environment: String?
        let exit: Int32?
        let seconds: Double?
        let code: String?
        let summary: String
        let remedy: String?
        let version: String

        init(_ event: RunEvent) {
            self.event = event.kind.rawValue
            command = event.command
            environment = event.environment
            exit = event.exit?.rawValue
            seconds = event.duration.map { $0 / .seconds(1) }
            code = event.error?.code
            summary = event.error?.summary ?? event.sentence
            remedy = event.error?.remedy
            version = WheelsDB.version
        }
    }
}
