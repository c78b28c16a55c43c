/// What a client asks: the first line of its request.
struct HTTPRequest: Sendable, Equatable {
    let method: String
    /// The path, without a query.
    let path: String

    /// The most bytes that a request may have up to its empty line.
    static let longestHead = 8_192

    /// What can be said of the bytes received so far.
    enum Reading: Sendable, Equatable {
        /// The empty line has not come yet.
        case incomplete
        case complete(HTTPRequest)
        /// No request of HTTP/1, or too long a one.
        case refused(HTTPStatus)
    }

    /// Reads the head of a request; what comes after it is not looked at.
    ///
    /// - Parameter bytes: Everything received on the connection.
    /// - Returns: The request, once its empty line is there.
    /// - Complexity: O(*n*).
    static func read(_ bytes: [UInt8]) -> Reading {
        let head = bytes.prefix(longestHead)
        guard let end = endOfHead(head) else {
            if bytes.count >= longestHead { return .refused(.headersTooLarge) }
            // A line that is no request will not become one: no need to wait for its end.
            return isHopeless(head) ? .refused(.badRequest) : .incomplete
        }
        guard let text = String(validating: head[..<end], as: UTF8.self) else { return .refused(.badRequest) }
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\r\n" || $0 == "\n" }
        let words = lines[0].split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, isToken(words[0]), words[2].hasPrefix("HTTP/") else { return .refused(.badRequest) }
        guard words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0" else { return .refused(.versionNotSupported) }
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":"), isToken(line[..<colon]) else { return .refused(.badRequest) }
        }
        guard words[1].hasPrefix("/") else { return .refused(.badRequest) }
        let path = words[1].prefix { $0 != "?" && $0 != "#" }
        return .complete(HTTPRequest(method: String(words[0]), path: String(path)))
    }

    /// Where the empty line begins.
    private static func endOfHead(_ bytes: ArraySlice<UInt8>) -> Int? {
        let (lf, cr) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
        for index in bytes.indices where bytes[index] == lf {
            let next = index + 1
            if next < bytes.endIndex, bytes[next] == lf { return withoutReturn(bytes, index) }
            if next + 1 < bytes.endIndex, bytes[next] == cr, bytes[next + 1] == lf {
                return withoutReturn(bytes, index)
            }
        }
        return nil
    }

    private static func withoutReturn(_ bytes: ArraySlice<UInt8>, _ lineFeed: Int) -> Int {
        lineFeed > bytes.startIndex && bytes[lineFeed - 1] == UInt8(ascii: "\r") ? lineFeed - 1 : lineFeed
    }

    /// Methods are letters; TLS, binary and empty lines are not.
    private static func isHopeless(_ bytes: ArraySlice<UInt8>) -> Bool {
        for byte in bytes.prefix(32) {
            if byte == UInt8(ascii: " ") { return false }
            guard isLetter(byte) else { return true }
        }
        return bytes.count >= 32
    }

    private static func isToken(_ text: Substring) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                isLetter($0) || (0x30...0x39).contains($0) || "!#$%&'*+-.^_`|~".utf8.contains($0)
            }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}

/// The statuses that the server answers with.
enum HTTPStatus: String, Sendable {
    case ok = "200 OK"
    case badRequest = "400 Bad Request"
    case notFound = "404 Not Found"
    case methodNotAllowed = "405 Method Not Allowed"
    case headersTooLarge = "431 Request Header Fields Too Large"
    case unavailable = "503 Service Unavailable"
    case versionNotSupported = "505 HTTP Version Not Supported"
}
