/// What a proxy does to a request and its answer.
public enum Fault: Sendable {
    /// Nothing.
    case none
    /// Answers by itself; the server never hears of it.
    case answer([UInt8])
    /// Breaks the connection before the server hears of the request.
    case breakRequest
    /// Hands the request on, and breaks the connection instead of the answer.
    case loseAnswer
    /// Hands the answer on up to some bytes of its body, and then breaks the connection.
    case breakAnswer(after: Int)
    /// Hands the answer on up to some bytes of its body, and then ends the connection in order.
    case cutAnswer(after: Int)
    /// Hands the request on, and keeps the answer until the client has left.
    case silence
    /// Hands everything on, after some milliseconds.
    case slow(Int)

    /// An answer of S3 that says it did not work.
    ///
    /// - Parameters:
    ///   - status: The status, such as 503.
    ///   - code: S3's name for the failure; empty for an answer without words.
    ///   - fields: More header fields, such as `Retry-After: 1`.
    /// - Returns: The fault.
    public static func failure(_ status: Int, _ code: String = "", fields: [String] = []) -> Fault {
        let body = code.isEmpty ? "" : "<Error><Code>\(code)</Code><Message>On purpose.</Message></Error>"
        return answer(status, fields: fields, body: Array(body.utf8))
    }

    /// An answer of one's own.
    ///
    /// - Parameters:
    ///   - status: The status.
    ///   - fields: Header fields besides the length.
    ///   - body: The body.
    /// - Returns: The fault.
    public static func answer(_ status: Int, fields: [String] = [], body: [UInt8] = []) -> Fault {
        let lines = ["HTTP/1.1 \(status) On-Purpose", "Content-Length: \(body.count)", "Connection: close"] + fields
        return .answer(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body)
    }
}

extension Fault: CustomStringConvertible {
    /// The case; of an answer the status line.
    public var description: String {
        switch self {
        case .none: "none"
        case .answer(let bytes): String(decoding: bytes.prefix { $0 != 13 }, as: UTF8.self)
        case .breakRequest: "break the request"
        case .loseAnswer: "lose the answer"
        case .breakAnswer(let length): "break the answer after \(length)"
        case .cutAnswer(let length): "cut the answer after \(length)"
        case .silence: "silence"
        case .slow(let time): "\(time) ms late"
        }
    }
}

/// A request as a proxy sees it.
public struct ProxiedRequest: Sendable {
    /// The method.
    public let method: String
    /// The path and the query.
    public let target: String
    /// Header fields by their name in lower case.
    public let fields: [String: String]
    /// How many requests the proxy saw before this one.
    public let number: Int
    /// How long the body is.
    public let length: Int

    init?(head: [UInt8], number: Int) {
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
        guard let words = lines.first?.split(separator: " "), words.count == 3 else { return nil }
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            fields[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        method = String(words[0])
        target = String(words[1])
        self.fields = fields
        self.number = number
        length = fields["content-length"].flatMap { Int($0) } ?? 0
    }
}
