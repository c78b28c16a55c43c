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
            unsafe PQfreemem(message)
            var error = PostgresError(
                kind: .invalidInput,
                message: "The connection URL cannot be read (it is not shown, for it may hold a password)"
            )
            error.advice = .init(
                "Write it as postgresql://user:password@host:5432/database; in the password write %40 for @, %3A for :,"
                    + " %2F for / and %25 for %."
            )
            throw error
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
        return keywords
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
