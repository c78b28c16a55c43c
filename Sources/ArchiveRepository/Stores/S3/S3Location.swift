import Diagnostics
import Foundation

/// A bucket, a prefix in it, and how to reach it.
///
/// ```
/// s3://bucket/prefix?endpoint=https://s3.example.com&region=eu-central-1&path-style=true
/// ```
///
/// Bucket and prefix consist of characters that no address has to encode.
public struct S3Location: Sendable, Hashable, CustomStringConvertible {
    /// The place as the user gave it.
    public private(set) var description: String
    /// The name of the bucket.
    public let bucket: String
    /// What all keys begin with, without a slash at either end; may be empty.
    public private(set) var prefix: String
    /// `https` or `http`.
    let scheme: String
    /// Host and port of the endpoint, without the bucket.
    let authority: String
    /// The path of the endpoint: empty, or with a slash in front and none behind.
    let basePath: String
    /// The region that requests are signed for.
    public let region: String
    /// Whether the bucket stands in the path; else it stands before the host's name.
    public let hasPathStyle: Bool

    /// A place from its text.
    ///
    /// - Parameters:
    ///   - text: Begins with `s3://`.
    ///   - defaults: Region and endpoint where the text names none.
    /// - Throws: ``RepositoryError`` of class `usage` with what is wrong.
    init(_ text: String, defaults: AWSVariables) throws {
        let shown = Self.withoutSecrets(text)
        func wrong(_ reason: String) -> RepositoryError {
            RepositoryError(
                code: "repository.location",
                summary: "\(shown) is no place on S3: \(reason).",
                remedy: Remedy("Write it as s3://bucket/prefix?endpoint=https://host&region=…"),
                failureClass: .usage
            )
        }
        let rest = text.dropFirst("s3://".count)
        let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts[0].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard !rest.contains("@") || parts[0].firstIndex(of: "@") == nil else {
            throw wrong("credentials do not belong there, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
        }
        bucket = String(path[0])
        guard Self.isBucket(bucket) else {
            throw wrong("a bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens")
        }
        prefix = path.count > 1 ? Self.trimmed(path[1]) : ""
        guard prefix.isEmpty || BlobName(prefix) != nil && prefix.utf8.count <= 400 else {
            throw wrong("a prefix has letters, digits, '.', '-', '_' and '/', and no part begins with a dot")
        }
        let query = try S3LocationQuery(parts.count > 1 ? String(parts[1]) : "", wrong: wrong)
        let region = try query.region ?? defaults.region()
        if let endpoint = try query.endpoint ?? defaults.endpoint() {
            let target = try S3Endpoint(endpoint, wrong: wrong)
            (scheme, authority, basePath) = (target.scheme, target.authority, target.path)
            self.region = region ?? "us-east-1"
            hasPathStyle = query.hasPathStyle ?? true
        } else {
            guard let region else {
                throw RepositoryError(
                    code: "repository.no-region",
                    summary: "The region of the bucket \(bucket) is not known.",
                    remedy: Remedy("Add ?region=eu-central-1 to the place, or set AWS_REGION."),
                    failureClass: .usage
                )
            }
            self.region = region
            // The certificate of the host *.s3.… covers one name before it, so a bucket with dots stands in the path.
            hasPathStyle = query.hasPathStyle ?? bucket.contains(".")
            let suffix = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
            (scheme, authority, basePath) = ("https", "s3.\(region).\(suffix)", "")
        }
        guard self.region.utf8.allSatisfy({ Self.isUnreserved($0) }) else { throw wrong("the region is no name") }
        description = shown
    }

    /// The same bucket with another prefix.
    func replacing(prefix: String) -> S3Location {
        var location = self
        location.prefix = prefix
        location.description = prefix.isEmpty ? "s3://\(bucket)" : "s3://\(bucket)/\(prefix)"
        return location
    }

    /// The host that is asked, with its port.
    var host: String { hasPathStyle ? authority : "\(bucket).\(authority)" }

    /// The endpoint without the bucket, for messages.
    var endpoint: String { "\(scheme)://\(authority)\(basePath)" }

    /// The key of an object.
    func key(of name: BlobName) -> String { prefix.isEmpty ? name.description : "\(prefix)/\(name)" }

    /// The path of a key, or of the bucket itself.
    func path(of key: String?) -> String {
        let bucketPath = hasPathStyle ? "\(basePath)/\(bucket)" : basePath
        guard let key else { return hasPathStyle ? bucketPath : "\(bucketPath)/" }
        return "\(bucketPath)/\(S3Signature.encoded(key, keepingSlashes: true))"
    }

    /// A place without what a user may have put before an `@`.
    static func withoutSecrets(_ text: String) -> String {
        guard let scheme = text.firstRange(of: "://") else { return text }
        let rest = text[scheme.upperBound...]
        guard let at = rest.lastIndex(of: "@") else { return text }
        return "\(text[..<scheme.upperBound])…@\(rest[rest.index(after: at)...])"
    }

    private static func trimmed(_ prefix: Substring) -> String {
        var prefix = prefix
        while prefix.last == "/" { prefix.removeLast() }
        return String(prefix)
    }

    private static func isBucket(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard (3...63).contains(bytes.count), !name.contains("..") else { return false }
        guard let first = bytes.first, let last = bytes.last, isLetterOrDigit(first), isLetterOrDigit(last) else {
            return false
        }
        return bytes.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    static func isUnreserved(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            || [UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~")].contains(byte)
    }
}
