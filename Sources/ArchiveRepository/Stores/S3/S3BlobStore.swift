public import Foundation
import HTTPClient

/// A store in a bucket of Amazon S3 or of a service that speaks the same protocol.
///
/// An object of up to 16 MiB is stored by one request, a longer one in parts; either way it exists at once and whole.
/// `If-None-Match: *` keeps a write from replacing anything. Whether the service honours that is tried once a process, by
/// storing the first small object a second time; where it does not, each write is preceded by the question whether the
/// name is taken, and two writers that race for one name could both succeed.
///
/// Requests are repeated for a minute with random pauses. A put whose answer was lost is found again by its own mark.
public struct S3BlobStore: BlobStore {
    /// How old an unfinished upload must be before a sweep takes it for the rest of a dead run.
    static let abandoned: TimeInterval = 24 * 3_600

    private let objects: S3Objects
    private let pageSize: Int

    /// The place as the user gave it.
    public var location: String { objects.location.description }

    /// A store in a bucket; nothing is asked yet.
    ///
    /// - Parameters:
    ///   - location: The bucket and the prefix.
    ///   - credentials: Who asks.
    ///   - client: Sends the requests.
    ///   - retry: How long failed requests are repeated.
    ///   - pageSize: How many objects a list has a page, at most 1000.
    ///   - partSize: How long an object may be that is stored by one request.
    ///   - writes: Whether the service honours conditions, where that is known.
    ///   - clock: The time that requests are signed with.
    init(
        _ location: S3Location,
        credentials: S3Credentials,
        client: HTTPClient,
        retry: RetryPolicy = .standard,
        pageSize: Int = 1_000,
        partSize: Int = 16 << 20,
        writes: ConditionalWrites = ConditionalWrites(),
        clock: @escaping @Sendable () -> Date = { Date.now }
    ) {
        let connection = S3Connection(
            location: location, credentials: credentials, client: client, retry: retry, clock: clock)
        objects = S3Objects(connection: connection, writes: writes, partSize: partSize)
        self.pageSize = pageSize
    }

    /// Starts an object.
    ///
    /// - Parameter name: A name that is not taken; that it is taken shows when the object is finished, or when its first
    ///   part is sent.
    /// - Returns: Takes the bytes.
    /// - Throws: An error when the system has no random bytes.
    public func put(_ name: BlobName) throws -> BlobSink {
        BlobSink(try S3BlobSink(objects: objects, name: name))
    }

    /// Reads an object, 8 MiB a request.
    ///
    /// - Parameters:
    ///   - name: The object.
    ///   - range: Which bytes; `nil` for all.
    /// - Returns: Gives the bytes. A connection that breaks is followed by another request for the rest.
    /// - Throws: ``RepositoryError``, class `notFound` when there is no such object or bucket.
    public func get(_ name: BlobName, range: Range<Int>?) throws -> BlobSource {
        try objects.explaining("read \(name)", name) {
            BlobSource(try S3BlobSource(objects: objects, name: name, range: range))
        }
    }

    /// All finished objects whose names begin with some text, ordered by name.
    ///
    /// - Parameter prefix: The beginning of the names.
    /// - Returns: Names, sizes and times. Keys that no store of ours wrote are left out.
    /// - Throws: ``RepositoryError`` when the bucket cannot be read.
    public func list(_ prefix: String) throws -> [BlobEntry] {
        guard prefix.isEmpty || BlobName(prefix) != nil || BlobName(prefix + "x") != nil else { return [] }
        return try objects.explaining("list \(prefix.isEmpty ? "objects" : prefix)") {
            var entries: [BlobEntry] = []
            var token: String?
            repeat {
                let call = objects.listing(prefix: prefix, pageSize: pageSize, after: token)
                let page = try S3Listing(try objects.connection.send(call), location: objects.location)
                guard page.next == nil || page.next != token else {
                    throw RepositoryError.corrupt(location, "gives the same page of its list again and again")
                }
                entries += page.entries
                token = page.next
            } while token != nil
            return entries.sorted { $0.name < $1.name }
        }
    }

    /// Removes an object.
    ///
    /// In a bucket with versions the older version stays, out of sight.
    ///
    /// - Parameter name: The object.
    /// - Throws: ``RepositoryError``, class `notFound` when there is no such object.
    public func delete(_ name: BlobName) throws {
        try objects.explaining("delete \(name)", name) {
            // S3 answers the same whether there was an object or not.
            guard try objects.head(name) != nil else { throw RepositoryError.noSuchObject(name, in: location) }
            _ = try objects.connection.send(S3Call(method: "DELETE", key: objects.location.key(of: name)))
        }
    }

    /// How long an object is.
    ///
    /// - Parameter name: The object.
    /// - Returns: Its length; `nil` when there is no such object.
    /// - Throws: ``RepositoryError`` when the bucket cannot be read; class `notFound` when there is no such bucket.
    public func size(of name: BlobName) throws -> Int? {
        try objects.explaining("look for \(name)", name) {
            guard let head = try objects.head(name) else { return nil }
            guard let size = head["content-length"].flatMap({ Int($0) }) else {
                throw S3Failure(status: head.status, code: "NoLength")
            }
            return size
        }
    }

    /// What time it is by the service's clock.
    ///
    /// - Returns: The time, to the second.
    /// - Throws: ``RepositoryError`` when the bucket cannot be read, or does not say.
    public func now() throws -> Date {
        try objects.explaining("ask for the time") {
            let answer = try objects.connection.send(objects.listing(prefix: "", pageSize: 1))
            guard let date = answer.date else { throw S3Failure(status: answer.response.status, code: "NoDate") }
            return date
        }
    }

    /// Whether no key at all stands under the prefix.
    ///
    /// - Returns: `true` when a new repository may go there.
    /// - Throws: ``RepositoryError`` when the bucket cannot be read.
    public func isVacant() throws -> Bool {
        try objects.explaining("list objects") {
            let answer = try objects.connection.send(objects.listing(prefix: "", pageSize: 1))
            return try S3Listing(answer, location: objects.location).keys == 0
        }
    }

    /// The shorter prefixes in the bucket, and the bucket itself.
    ///
    /// - Returns: The nearest first.
    public func enclosing() -> [any BlobStore] {
        var prefix = objects.location.prefix[...]
        var stores: [any BlobStore] = []
        while !prefix.isEmpty {
            prefix = prefix.lastIndex(of: "/").map { prefix[..<$0] } ?? ""
            stores.append(
                S3BlobStore(
                    objects.location.replacing(prefix: String(prefix)),
                    credentials: objects.connection.credentials,
                    client: objects.connection.client,
                    retry: objects.connection.retry,
                    clock: objects.connection.clock
                ))
        }
        return stores
    }

    /// Gives up the uploads under the prefix that began more than a day ago by the service's clock.
    ///
    /// - Returns: How many there were.
    /// - Throws: ``RepositoryError`` when the credentials may not list or abort uploads.
    @discardableResult
    public func sweepUnfinished() throws -> Int { try sweepUnfinished(olderThan: Self.abandoned) }

    func sweepUnfinished(olderThan age: TimeInterval) throws -> Int {
        try objects.explaining("remove unfinished uploads") {
            let base = objects.location.prefix.isEmpty ? "" : "\(objects.location.prefix)/"
            var removed = 0
            var marker: (key: String, id: String)?
            repeat {
                var query = [("uploads", ""), ("prefix", base)]
                if let marker { query += [("key-marker", marker.key), ("upload-id-marker", marker.id)] }
                let answer = try objects.connection.send(S3Call(method: "GET", key: nil, query: query))
                guard let now = answer.date else { return removed }
                let page = S3UnfinishedUpload.page(answer.body)
                for upload in page.uploads where now.timeIntervalSince(upload.begun) >= age {
                    guard upload.key.hasPrefix(base), BlobName(String(upload.key.dropFirst(base.count))) != nil else {
                        continue
                    }
                    let call = S3Call(method: "DELETE", key: upload.key, query: [("uploadId", upload.id)])
                    _ = try objects.connection.send(call)
                    removed += 1
                }
                guard page.next.map({ $0.key != marker?.key || $0.id != marker?.id }) ?? true else { break }
                marker = page.next
            } while marker != nil
            return removed
        }
    }
}
