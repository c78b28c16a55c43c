/// Where the rows of `COPY … TO STDOUT` go.
public protocol CopySink: ~Copyable {
    /// Takes one CopyData message: for both COPY formats one row, except that a binary stream's header comes with the
    /// first row and its trailer as a message of its own.
    ///
    /// - Parameter row: The bytes; they are gone when the call returns.
    /// - Throws: Whatever stops the COPY. The server is told, and the error reaches the caller of the COPY.
    mutating func write(_ row: RawSpan) throws
}

/// Where the bytes of `COPY … FROM STDIN` come from.
public protocol CopySource: ~Copyable {
    /// Fills a buffer from its start. Pieces need not end where rows end.
    ///
    /// - Parameter buffer: The session's own buffer, 64 KiB.
    /// - Returns: How many bytes were written; 0 at the end of the data.
    /// - Throws: Whatever stops the COPY; nothing of it is stored then.
    mutating func read(into buffer: inout MutableRawSpan) throws -> Int
}
