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
            body = Array(event.text.utf8)
        case .sentry:
            let state = event.kind == .success ? "ok" : event.kind == .start ? "in_progress" : "error"
            request = HTTPRequest("POST", url + (url.contains("?") ? "&" : "?") + "status=\(state)")
            body = []
        case .slack:
            request = HTTPRequest("POST", url, fields: [.init("Content-Type", "application/json")])
            body = try NotificationDocument.json(["text": event.text])
        case .webhook:
            request = HTTPRequest("POST", url, fields: [.init("Content-Type", "application/json")])
            body = try NotificationDocument(event).encoded()
        }
    }

    /// A path goes before the query.
    private static func url(_ url: String, appending end: String) -> String {
        let query = url.firstIndex(of: "?") ?? url.endIndex
        var path = url[..<query]
        while path.last == "/" { path.removeLast() }
        return path + end + url[query...]
    }
}
