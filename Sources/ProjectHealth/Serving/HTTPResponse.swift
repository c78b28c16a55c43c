/// An answer; the connection is closed after it.
struct HTTPResponse: Sendable, Equatable {
    let status: HTTPStatus
    var mediaType = "text/plain; charset=utf-8"
    var body: String
    /// Whether only the head is sent, as HEAD asks.
    var isHeadOnly = false

    /// An answer without a document.
    static func plain(_ status: HTTPStatus) -> HTTPResponse {
        HTTPResponse(status: status, body: status.rawValue + "\n")
    }

    /// The bytes to send.
    var bytes: [UInt8] {
        var head = "HTTP/1.1 \(status.rawValue)\r\nContent-Type: \(mediaType)\r\nContent-Length: \(body.utf8.count)\r\n"
        if status == .methodNotAllowed { head += "Allow: GET, HEAD\r\n" }
        head += "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
        return Array((head + (isHeadOnly ? "" : body)).utf8)
    }
}

/// What the paths of the server mean.
enum HealthPaths: Sendable {
    /// What a request needs before it can be answered.
    enum Answer: Sendable, Equatable {
        /// It can be answered at once.
        case now(HTTPResponse)
        /// A report that is fresh enough.
        case needsReport
    }

    private static let documents: Set<String> = ["/health", "/api/health", "/metrics"]

    /// Whether a request has to wait for a report.
    static func answer(_ request: HTTPRequest) -> Answer {
        guard documents.contains(request.path) else { return .now(shortened(.plain(.notFound), for: request)) }
        guard ["GET", "HEAD"].contains(request.method) else { return .now(.plain(.methodNotAllowed)) }
        return .needsReport
    }

    /// The answer made of a report: 200 when healthy, 503 when degraded; numbers are always 200.
    static func answer(_ request: HTTPRequest, with report: HealthReport) -> HTTPResponse {
        if request.path == "/metrics" {
            let text = PrometheusText.text(of: report)
            return shortened(HTTPResponse(status: .ok, mediaType: PrometheusText.mediaType, body: text), for: request)
        }
        guard let json = try? report.json() else { return .plain(.unavailable) }
        let status: HTTPStatus = report.status == .healthy ? .ok : .unavailable
        return shortened(HTTPResponse(status: status, mediaType: "application/json", body: json), for: request)
    }

    private static func shortened(_ response: HTTPResponse, for request: HTTPRequest) -> HTTPResponse {
        var response = response
        response.isHeadOnly = request.method == "HEAD"
        return response
    }
}
