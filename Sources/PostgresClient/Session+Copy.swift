import PostgresTypes

extension Session {
    /// Runs `COPY … TO STDOUT` and hands each row to a sink.
    ///
    /// Each row is lent to the sink on the session's own thread: nothing is queued, so a slow sink slows the server.
    ///
    /// - Parameters:
    ///   - sql: The COPY statement, in text or binary format.
    ///   - sink: Takes the rows.
    /// - Returns: How many rows the server counted.
    /// - Throws: ``PostgresError``, or the sink's error; the COPY is then stopped on the server.
    public func copyOut<Sink: CopySink & ~Copyable>(
        _ sql: String,
        into sink: inout sending Sink
    ) async throws -> Int {
        try checkNotCancelled()
        guard try connection.runScript(sql).startsCopyOut else {
            throw PostgresError(kind: .unexpectedAnswer, message: "The statement is no COPY … TO STDOUT")
        }
        var sinkError: (any Error)?
        rows: while true {
            switch connection.nextCopyData() {
            case .row(let message):
                guard sinkError == nil else { continue }
                do { try message.withBytes { try sink.write($0) } } catch { sinkError = stopping(for: error) }
                if sinkError == nil, Task.isCancelled { sinkError = stopping(for: cancelled) }
            case .end: break rows
            case .lost: break rows
            }
        }
        let outcome = connection.drain(statement: sql)
        if let sinkError { throw sinkError }
        if let error = outcome.error { throw error }
        return outcome.affectedRows
    }

    /// Runs `COPY … FROM STDIN` with the bytes of a source.
    ///
    /// - Parameters:
    ///   - sql: The COPY statement, in text or binary format.
    ///   - source: Gives the bytes.
    /// - Returns: How many rows the server stored.
    /// - Throws: ``PostgresError``, or the source's error; nothing is stored then.
    public func copyIn<Source: CopySource & ~Copyable>(
        _ sql: String,
        from source: inout sending Source
    ) async throws -> Int {
        try checkNotCancelled()
        guard try connection.runScript(sql).startsCopyIn else {
            throw PostgresError(kind: .unexpectedAnswer, message: "The statement is no COPY … FROM STDIN")
        }
        var sourceError: (any Error)?
        var connectionHolds = true
        var buffer = [UInt8](repeating: 0, count: 65_536)
        do {
            while true {
                var space = buffer.mutableSpan
                var bytes = unsafe space.mutableBytes
                let count = try source.read(into: &bytes)
                if count == 0 { break }
                connectionHolds = connection.putCopyData(bytes.bytes.extracting(first: count))
                guard connectionHolds else { throw connection.lostConnection(statement: sql) }
                if Task.isCancelled { throw cancelled }
            }
        } catch { sourceError = error }
        if connectionHolds { _ = connection.endCopyIn(failingWith: sourceError.map { _ in "given up by the client" }) }
        let outcome = connection.drain(statement: sql)
        // When the connection went away while bytes were sent, the server's own last word says more.
        if let sourceError { throw connectionHolds ? sourceError : outcome.error ?? sourceError }
        if let error = outcome.error { throw error }
        return outcome.affectedRows
    }

    private var cancelled: PostgresError { PostgresError(kind: .cancelled, message: "Cancelled") }

    private func checkNotCancelled() throws(PostgresError) {
        if Task.isCancelled { throw cancelled }
    }

    private func stopping(for error: any Error) -> any Error {
        canceller.cancel()
        return error
    }
}
