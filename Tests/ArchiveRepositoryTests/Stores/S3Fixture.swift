import Diagnostics
import Foundation
import HTTPClient
import ObjectStoreTesting
import Testing

@testable import ArchiveRepository

/// A new bucket behind a proxy with faults, and stores that see it with and without the proxy.
struct S3Fixture {
    let server: ObjectStore
    let bucket: String
    let proxy: FaultProxy
    let clock = PausingClock()
    /// The store without the proxy.
    let direct: S3BlobStore
    /// The store through the proxy; pauses take no time.
    let store: S3BlobStore

    /// A fixture.
    ///
    /// - Parameters:
    ///   - kind: What the bucket is made with.
    ///   - writes: Whether the store is thought to honour conditions.
    ///   - partSize: How long an object may be that is stored by one request.
    ///   - limit: How long failures are repeated.
    ///   - fault: What the proxy does to each request.
    /// - Throws: An error when there is no store.
    init(
        _ kind: ObjectStore.BucketKind = .plain,
        writes: ConditionalWrites.State = .honoured,
        partSize: Int = 16 << 20,
        limit: Duration = .seconds(60),
        _ fault: @escaping @Sendable (ProxiedRequest) -> Fault
    ) async throws {
        server = try await ObjectStore.shared()
        bucket = try server.makeBucket(kind)
        proxy = try FaultProxy(before: server.port, fault)
        direct = try Self.store(server.location(bucket: bucket, prefix: "p"), server.environment)
        store = try Self.store(
            server.location(bucket: bucket, prefix: "p", port: proxy.port), server.environment,
            retry: clock.policy(limit), partSize: partSize, writes: writes)
    }

    static func store(
        _ place: String,
        _ environment: [String: String],
        retry: RetryPolicy = .standard,
        pageSize: Int = 1_000,
        partSize: Int = 16 << 20,
        writes: ConditionalWrites.State = .honoured,
        clock: @escaping @Sendable () -> Date = { Date.now }
    ) throws -> S3BlobStore {
        let variables = AWSVariables(environment: environment)
        return S3BlobStore(
            try S3Location(place, defaults: variables),
            credentials: try S3Credentials(variables),
            client: HTTPClient(options: HTTPClientOptions(stallTimeout: .seconds(1))),
            retry: retry,
            pageSize: pageSize,
            partSize: partSize,
            writes: ConditionalWrites(writes),
            clock: clock
        )
    }

    /// What went through the proxy, such as `PUT p/a` or `POST p/a?uploads`.
    var calls: [String] {
        proxy.requests.map { request in
            let target = request.target.dropFirst(bucket.utf8.count + 1).drop { $0 == "/" }
            let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            let names = parts.count > 1 ? parts[1].split(separator: "&").map { $0.prefix { $0 != "=" } } : []
            return "\(request.method) \(parts[0])" + (names.isEmpty ? "" : "?\(names.joined(separator: "&"))")
        }
    }

    /// The uploads that were begun and neither completed nor given up.
    func unfinishedUploads() throws -> [S3UnfinishedUpload] {
        let connection = S3Connection(
            location: try S3Location(
                server.location(bucket: bucket), defaults: AWSVariables(environment: server.environment)),
            credentials: try S3Credentials(AWSVariables(environment: server.environment)),
            client: HTTPClient(), retry: .standard, clock: { Date.now })
        let call = S3Call(method: "GET", key: nil, query: [("uploads", ""), ("prefix", "p/")])
        return S3UnfinishedUpload.page(try connection.send(call).body).uploads
    }
}

/// The error that a body throws.
func repositoryError(_ body: () throws -> Void) throws -> RepositoryError {
    try #require(throws: RepositoryError.self) { try body() }
}
