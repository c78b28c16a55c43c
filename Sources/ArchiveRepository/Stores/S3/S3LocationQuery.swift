import Foundation

/// What stands behind the question mark of a place on S3.
struct S3LocationQuery {
    private(set) var endpoint: String?
    private(set) var region: String?
    private(set) var hasPathStyle: Bool?

    /// Reads `key=value` pairs; values may be percent-encoded.
    init(_ text: String, wrong: (String) -> RepositoryError) throws(RepositoryError) {
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let value = String(parts[1]).removingPercentEncoding, !value.isEmpty else {
                throw wrong("\(parts[0]) has no value")
            }
            switch parts[0] {
            case "endpoint": endpoint = value
            case "region": region = value
            case "path-style":
                guard let flag = Bool(value) else { throw wrong("path-style is true or false") }
                hasPathStyle = flag
            default: throw wrong("'\(parts[0])' is not known; endpoint, region and path-style are")
            }
        }
    }
}

/// The address of a service that speaks S3.
struct S3Endpoint {
    let scheme: String
    let authority: String
    let path: String

    /// Reads an address such as `https://s3.example.com:9000`; without a scheme it is `https`.
    init(_ text: String, wrong: (String) -> RepositoryError) throws(RepositoryError) {
        var rest = text[...]
        var scheme = "https"
        if let separator = text.firstRange(of: "://") {
            scheme = text[..<separator.lowerBound].lowercased()
            rest = text[separator.upperBound...]
        }
        guard scheme == "https" || scheme == "http" else { throw wrong("an endpoint begins with https:// or http://") }
        guard !rest.contains("@") else { throw wrong("credentials do not belong in an endpoint") }
        guard !rest.contains("?"), !rest.contains("#") else { throw wrong("an endpoint has no query") }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash].lowercased()
        var path = rest[slash...]
        while path.last == "/" { path.removeLast() }
        guard !authority.isEmpty, authority.utf8.allSatisfy(Self.isHostByte) else {
            throw wrong("the endpoint names no host")
        }
        guard path.utf8.allSatisfy({ S3Location.isUnreserved($0) || $0 == UInt8(ascii: "/") }) else {
            throw wrong("the endpoint's path has odd characters")
        }
        self.scheme = scheme
        self.authority = Self.withoutUsualPort(authority, scheme: scheme)
        self.path = String(path)
    }

    /// A client sends no port that goes without saying, so it must not be signed either.
    private static func withoutUsualPort(_ authority: String, scheme: String) -> String {
        let usual = scheme == "https" ? ":443" : ":80"
        return authority.hasSuffix(usual) ? String(authority.dropLast(usual.count)) : authority
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        S3Location.isUnreserved(byte) || [UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]")].contains(byte)
    }
}
