import CPostgres
import Diagnostics

/// Reads and writes libpq's connection strings.
enum ConnectionString {
    /// The keywords of a URL or keyword string.
    ///
    /// The corresponding libpq function is `PQconninfoParse`. Its own message may quote a part of the string, so only
    /// the kind of fault is passed on.
    static func parse(_ text: String) throws(PostgresError) -> [String: String] {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = unsafe PQconninfoParse(text, &message) else {
            let told = unsafe message.map { unsafe String(cString: $0) } ?? ""
            unsafe PQfreemem(message)
            throw unreadable(faults.first { told.hasPrefix($0.message) }?.sentence)
        }
        defer { unsafe PQconninfoFree(options) }
        var keywords: [String: String] = [:]
        var option = unsafe options
        while let keyword = unsafe option.pointee.keyword {
            if let value = unsafe option.pointee.val {
                unsafe keywords[String(cString: keyword)] = String(cString: value)
            }
            unsafe option += 1
        }
        if let fault = misplacedSign(in: text, keywords) { throw unreadable(fault) }
        return keywords
    }

    /// How libpq's messages begin, and what to say instead of them: they quote the text.
    private static let faults: [(message: String, sentence: String)] = [
        ("invalid percent-encoded token", "a % is not followed by two hexadecimal digits (percent-encoding)"),
        ("forbidden value %00", "%00 cannot stand in it"),
        ("invalid URI query parameter", "a parameter after the ? is none that libpq knows"),
        ("missing key/value separator", "a parameter after the ? lacks its separator \"=\""),
        ("extra key/value separator", "a parameter after the ? has more than one separator \"=\""),
        ("end of string reached", "an IPv6 address lacks its \"]\""),
        ("IPv6 host address may not be empty", "an IPv6 address is empty"),
        ("unexpected character", "after an IPv6 address comes neither \":\" nor \"/\""),
        ("invalid connection option", "a keyword is no connection option that libpq knows"),
        ("missing \"=\"", "a keyword is not followed by \"=\", or postgresql:// is missing at the start"),
        ("unterminated quoted string", "a quoted string is not closed"),
    ]

    /// The signs that libpq reads as something else when they stand unencoded in a password: parts of the password would
    /// then be host, port or database, which messages show.
    private static func misplacedSign(in text: String, _ keywords: [String: String]) -> String? {
        let ports = (keywords["port"] ?? "").split(separator: ",")
        guard ports.allSatisfy({ UInt16($0) != nil }) else {
            return "the port is no number, or the password holds an unencoded / or ?"
        }
        guard text.hasPrefix("postgresql://") || text.hasPrefix("postgres://") else { return nil }
        let address = text.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "?" }
        let path = address.drop { $0 != "/" }
        if path.contains("@") { return "an @ stands after a /: one of them belongs to the password and is not encoded" }
        if address.count(where: { $0 == "@" }) > 1 { return "it holds more than one @" }
        return nil
    }

    private static func unreadable(_ fault: String?) -> PostgresError {
        let shown = "it is not shown, for it may hold a password"
        var error = PostgresError(
            kind: .invalidInput,
            message: fault.map { "The connection URL cannot be read: \($0) (\(shown))" }
                ?? "The connection URL cannot be read (\(shown))"
        )
        error.advice = .init(
            "Write it as postgresql://user:password@host:5432/database; in the password write %40 for @, %3A for :,"
                + " %2F for /, %3F for ? and %25 for %."
        )
        return error
    }

    /// The URL of keywords, password included.
    static func url(of keywords: [String: String]) -> String {
        var rest = keywords
        func take(_ keyword: String) -> String? { rest.removeValue(forKey: keyword) }
        var url = "postgresql://"
        if let user = take("user") {
            url += escaped(user)
            if let password = take("password") { url += ":" + escaped(password) }
            url += "@"
        }
        let database = take("dbname")
        if let host = rest["host"], !host.hasPrefix("/"), !host.contains(","), !host.contains(":") {
            url += escaped(host)
            rest["host"] = nil
            if let port = take("port") { url += ":" + port }
        }
        url += "/" + escaped(database ?? "")
        let query = rest.sorted { $0.key < $1.key }.map { "\($0.key)=\(escaped($0.value))" }
        if !query.isEmpty { url += "?" + query.joined(separator: "&") }
        return url
    }

    /// Percent-encodes all but the unreserved characters of RFC 3986, section 2.3.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                result += hex.count == 1 ? "%0\(hex)" : "%\(hex)"
            }
        }
        return result
    }
}
