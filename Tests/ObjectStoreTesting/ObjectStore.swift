import Foundation
import HTTPClient
import OffPool

@testable import ArchiveRepository
@testable import LocalPostgres

/// A real SeaweedFS that listens on 127.0.0.1 and speaks S3.
///
/// It ends with the process, however that ends, and its folder goes with it.
///
/// ```swift
/// let store = try await ObjectStore.shared()
/// let place = store.location(bucket: try store.makeBucket(), prefix: "app")
/// let blobs = try BlobStores.open(location: place, environment: store.environment)
/// ```
public struct ObjectStore: Sendable {
    /// What a bucket is made with.
    public enum BucketKind: Sendable {
        /// Nothing special.
        case plain
        /// Older versions of objects stay.
        case versioned
        /// Versions, and objects can be locked.
        case locked
    }

    /// The port of S3.
    public let port: Int
    private let server: SupervisedServer

    /// The key that may do everything.
    public static let key = AccessKey(id: "WHEELSKEY", secret: "wheels/secret+key=1")
    /// A key that may only read.
    public static let readingKey = AccessKey(id: "READERKEY", secret: "reading/secret")

    /// A pair of key and secret.
    public struct AccessKey: Sendable {
        /// The name of the key.
        public let id: String
        /// The secret.
        public let secret: String

        /// The variables that hand the key to a program.
        public var environment: [String: String] {
            ["AWS_ACCESS_KEY_ID": id, "AWS_SECRET_ACCESS_KEY": secret]
        }
    }

    /// Whether tests against the store run: it is installed, or this is CI, where a missing one is a failure.
    public static var isExpected: Bool {
        SeaweedFS.program != nil || ProcessInfo.processInfo.environment["CI"] == "true"
    }

    /// The store that all tests of the process share; started by the first.
    ///
    /// - Returns: The store.
    /// - Throws: An error when SeaweedFS is missing or does not start.
    public static func shared() async throws -> ObjectStore {
        try await offPool { try sharedStore.get() }
    }

    /// A store of its own.
    ///
    /// - Parameter room: How many volumes of one megabyte there are; `nil` for plenty.
    /// - Returns: The store; it ends with its last owner.
    /// - Throws: An error when SeaweedFS is missing or does not start.
    public static func start(room: Int? = nil) async throws -> ObjectStore {
        try await offPool { try SeaweedFS.start(room: room) }
    }

    private static let sharedStore = Result { try SeaweedFS.start(room: nil) }

    init(port: Int, server: SupervisedServer) {
        self.port = port
        self.server = server
    }

    /// The variables that a program needs to use the store.
    public var environment: [String: String] { Self.key.environment }

    /// Where a prefix of a bucket is.
    ///
    /// - Parameters:
    ///   - bucket: The bucket.
    ///   - prefix: The prefix; may be empty.
    ///   - port: Another port that leads to the store, such as a proxy's.
    /// - Returns: The text for `--repository`.
    public func location(bucket: String, prefix: String = "", port: Int? = nil) -> String {
        "s3://\(bucket)/\(prefix)?endpoint=http://127.0.0.1:\(port ?? self.port)"
    }

    /// Makes a new bucket.
    ///
    /// - Parameter kind: What it is made with.
    /// - Returns: Its name.
    /// - Throws: What the store says.
    public func makeBucket(_ kind: BucketKind = .plain) throws -> String {
        let name = "wheels-\(UUID().uuidString.lowercased())"
        let connection = try connection(to: name)
        var fields: [HTTPRequest.Field] = []
        if case .locked = kind { fields.append(.init("x-amz-bucket-object-lock-enabled", "true")) }
        _ = try connection.send(S3Call(method: "PUT", key: nil, fields: fields))
        if case .versioned = kind {
            try configure(
                connection, "versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")
        }
        if case .locked = kind {
            let retention = "<DefaultRetention><Mode>GOVERNANCE</Mode><Days>1</Days></DefaultRetention>"
            try configure(
                connection, "object-lock",
                "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule>\(retention)</Rule>"
                    + "</ObjectLockConfiguration>")
        }
        return name
    }

    private func configure(_ connection: S3Connection, _ subject: String, _ text: String) throws {
        let body = Array(text.utf8)
        let payload = try unsafe S3Payload(body.span.bytes)
        let call = S3Call(method: "PUT", key: nil, query: [(subject, "")], fields: payload.fields)
        _ = try unsafe connection.attempt(call, body: body.span.bytes, payloadHash: payload.hash)
    }

    func connection(to bucket: String) throws -> S3Connection {
        let variables = AWSVariables(environment: environment)
        return S3Connection(
            location: try S3Location(location(bucket: bucket), defaults: variables),
            credentials: try S3Credentials(variables),
            client: HTTPClient(),
            retry: RetryPolicy(limit: .seconds(20)),
            clock: { Date.now }
        )
    }
}
