public import SealedStreams

/// What a manifest notes of an object: enough to find it, to plan with it and to know it again.
public struct StoredObject: Sendable, Hashable, Codable {
    /// Where it is in the repository, such as `chunks/0f3a…`.
    public let name: BlobName
    /// The length of the object.
    public let storedBytes: Int
    /// The length of its content, before it was sealed.
    public let contentBytes: Int
    /// The HMAC-SHA-256 at the object's end, under the writer key: proves the stored bytes without opening them.
    public let code: Digest
    /// The run whose data key opens it: the one that stored it, which may be an earlier one.
    public let run: BackupID

    /// What a manifest notes of an object.
    ///
    /// - Parameters:
    ///   - name: Where it is in the repository.
    ///   - storedBytes: The length of the object.
    ///   - contentBytes: The length of its content.
    ///   - code: The code at the object's end.
    ///   - run: The run whose data key opens it.
    public init(name: BlobName, storedBytes: Int, contentBytes: Int, code: Digest, run: BackupID) {
        self.name = name
        self.storedBytes = storedBytes
        self.contentBytes = contentBytes
        self.code = code
        self.run = run
    }
}

/// Some rows of one table within an object.
public struct StoredPiece: Sendable, Hashable, Codable {
    /// The object.
    public let object: StoredObject
    /// Where the piece begins in the object's content, in bytes.
    public let offset: Int
    /// How long the piece is, in bytes.
    public let length: Int
    /// How many rows it holds.
    public let rows: Int
    /// The length of the COPY stream it stands for, of all rows.
    public let rawBytes: Int
    /// How many rows count, how many do not, how many count again, and so on; `nil`: all do.
    ///
    /// Rows that do not count were changed or removed after the piece was stored.
    public var live: [Int]?

    /// Some rows of one table within an object.
    ///
    /// - Parameters:
    ///   - object: The object.
    ///   - offset: Where the piece begins in the object's content.
    ///   - length: How long the piece is.
    ///   - rows: How many rows it holds.
    ///   - rawBytes: The length of the COPY stream it stands for.
    ///   - live: How many rows in turn count and do not, beginning with those that do; `nil`: all do.
    public init(
        object: StoredObject,
        offset: Int,
        length: Int,
        rows: Int,
        rawBytes: Int,
        live: [Int]? = nil
    ) {
        self.object = object
        self.offset = offset
        self.length = length
        self.rows = rows
        self.rawBytes = rawBytes
        self.live = live
    }

    /// How many rows count.
    public var liveRows: Int {
        guard let live else { return rows }
        return stride(from: 0, to: live.count, by: 2).reduce(0) { $0 + live[$1] }
    }

    /// Which rows a reader wants; `nil`: all.
    var wanted: [LiveRows]? {
        live?.enumerated().map { LiveRows(rows: $1, isLive: $0.isMultiple(of: 2)) }
    }
}
