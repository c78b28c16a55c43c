/// Some neighbouring rows of a piece that are compared, kept and dropped together.
public struct PieceRange: Sendable, Equatable {
    /// How many rows.
    public let rows: Int
    /// The content digest of the rows: the exact sum of their 64-bit hashes.
    public let digest: Int128

    /// A range.
    ///
    /// - Parameters:
    ///   - rows: How many rows, in the order in which they were encoded.
    ///   - digest: The content digest of these rows.
    public init(rows: Int, digest: Int128) {
        self.rows = rows
        self.digest = digest
    }
}

/// What a finished piece holds.
public struct PieceTotals: Sendable, Equatable {
    /// How many rows.
    public let rows: Int
    /// How long the COPY stream is that decoding gives, in bytes; header and trailer included.
    public let rawBytes: Int

    /// Totals.
    ///
    /// - Parameters:
    ///   - rows: How many rows.
    ///   - rawBytes: How long the COPY stream is, in bytes.
    public init(rows: Int, rawBytes: Int) {
        self.rows = rows
        self.rawBytes = rawBytes
    }
}

/// Some neighbouring rows that a reader wants, or does not want.
public struct LiveRows: Sendable, Equatable {
    /// How many rows.
    public let rows: Int
    /// Whether they are given out.
    public let isLive: Bool

    /// Some rows.
    ///
    /// - Parameters:
    ///   - rows: How many rows, in the order of the piece.
    ///   - isLive: Whether they are given out.
    public init(rows: Int, isLive: Bool) {
        self.rows = rows
        self.isLive = isLive
    }
}
