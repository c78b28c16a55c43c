import Diagnostics
import HTTPClient

/// Opens stores by the text that a user gave for their place.
public enum BlobStores: Sendable {
    /// Opens a store; nothing is read or written yet.
    ///
    /// ```
    /// /backups/app   backups   ./backups   file:///backups/app
    /// s3://bucket/prefix?region=eu-central-1
    /// s3://bucket/prefix?endpoint=https://s3.example.com&region=auto&path-style=true
    /// ```
    ///
    /// - Parameters:
    ///   - location: A folder, or an `s3:` address.
    ///   - environment: The variables: credentials, region and endpoint in the way of the AWS tools, and proxies.
    ///   - userAgent: What the client calls itself.
    ///   - retry: How long failed requests are repeated.
    /// - Returns: The store.
    /// - Throws: ``RepositoryError`` of class `usage` when the place or the variables make no sense, `permission` when
    ///   there are no credentials.
    public static func open(
        location: String,
        environment: [String: String],
        userAgent: String = "wheels-db",
        retry: RetryPolicy = .standard
    ) throws -> any BlobStore {
        guard let (scheme, rest) = scheme(of: location) else { return try folder(location, location: location) }
        switch scheme {
        case "s3":
            let variables = AWSVariables(environment: environment)
            let place = try S3Location(location, defaults: variables)
            let client = HTTPClient(options: HTTPClientOptions(environment: environment, userAgent: userAgent))
            return S3BlobStore(place, credentials: try S3Credentials(variables), client: client, retry: retry)
        case "file":
            guard rest.hasPrefix("/") else { throw unsupported(location, "A file: address has no host.") }
            return try folder(String(rest), location: location)
        default:
            throw unsupported(location, "Stores of the kind \(scheme): are not known.")
        }
    }

    private static func folder(_ path: String, location: String) throws -> any BlobStore {
        guard !path.isEmpty else {
            throw RepositoryError(
                code: "repository.no-location",
                summary: "The repository's location is empty.",
                remedy: Remedy(
                    "Give a folder or an S3 bucket: --repository DIR|s3://bucket/prefix, or set WHEELS_REPOSITORY."),
                failureClass: .usage
            )
        }
        return LocalBlobStore(path: path)
    }

    private static func unsupported(_ location: String, _ reason: String) -> RepositoryError {
        RepositoryError(
            code: "repository.location",
            summary: "\(S3Location.withoutSecrets(location)) is no place for a repository. \(reason)",
            remedy: Remedy("Give a folder, or s3://bucket/prefix."),
            failureClass: .usage
        )
    }

    /// The scheme and what stands behind `://`; `nil` for a path.
    private static func scheme(of location: String) -> (scheme: String, rest: Substring)? {
        guard let separator = location.firstRange(of: "://") else { return nil }
        let scheme = location[..<separator.lowerBound]
        guard !scheme.isEmpty, scheme.utf8.allSatisfy({ isSchemeByte($0) }) else { return nil }
        return (scheme.lowercased(), location[separator.upperBound...])
    }

    private static func isSchemeByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
