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
        // `nonisolated(unsafe)`: the compiler cannot see that the closure runs on this session and ends before this call.
        nonisolated(unsafe) var lent = sink
        let outcome = await stoppable { try unsafe copyRows(sql, into: &lent) }
        sink = unsafe lent
        return try outcome.get()
    }

    private func copyRows<Sink: CopySink & ~Copyable>(_ sql: String, into sink: inout Sink) throws -> Int {
        _ = try connection.runScript(sql, expecting: .toClient).status
        var sinkError: (any Error)?
        // Asking whether the task is cancelled costs more than a short row: it is asked after so many bytes.
        var untilAsked = Self.bytesBetweenChecks
        let pace = pace
        var unpaid = 0
        rows: while true {
            switch connection.nextCopyData() {
            case .row(let message):
                guard sinkError == nil else { continue }
                do {
                    untilAsked -= message.wireBytes
                    try message.withBytes { try sink.write($0) }
                    if let pace {
                        unpaid += message.wireBytes
                        if unpaid >= Self.bytesBetweenPayments {
                            pace.pay(for: unpaid)
                            unpaid = 0
                        }
                    }
                    guard untilAsked < 0 else { continue }
                    untilAsked = Self.bytesBetweenChecks
                    try checkNotCancelled()
                } catch {
                    sinkError = error
                    canceller.cancel()
                }
            case .end: break rows
            case .lost: break rows
            }
        }
        let outcome = connection.drain(statement: sql)
        if let sinkError { throw sinkError }
        if let error = outcome.error { throw error }
        if unpaid > 0 { pace?.pay(for: unpaid) }
        return outcome.affectedRows
    }

    /// Does blocking work on the session's own thread, such as ending what a sink has begun.
    ///
    /// - Parameters:
    ///   - value: What the work is done on.
    ///   - body: The work.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public func onOwnThread<Value: ~Copyable, Result: Sendable>(
        _ value: inout sending Value,
        _ body: @Sendable (inout Value) throws -> Result
    ) async throws -> Result {
        requireOwnThread()
        // `nonisolated(unsafe)`: as in `copyOut`, the value stays on this session until the call ends.
        nonisolated(unsafe) var lent = value
        let outcome = Swift.Result { try unsafe body(&lent) }
        value = unsafe lent
        return try outcome.get()
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
        // `nonisolated(unsafe)` for the same reason as above.
        nonisolated(unsafe) var lent = source
        let outcome = await stoppable { try unsafe copyBytes(sql, from: &lent) }
        source = unsafe lent
        return try outcome.get()
    }

    private func copyBytes<Source: CopySource & ~Copyable>(_ sql: String, from source: inout Source) throws -> Int {
        _ = try connection.runScript(sql, expecting: .fromClient).status
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
                try checkNotCancelled()
            }
        } catch { sourceError = error }
        if connectionHolds { _ = connection.endCopyIn(failingWith: sourceError.map { _ in "given up by the client" }) }
        let outcome = connection.drain(statement: sql)
        // When the connection went away while bytes were sent, the server's own last word says more.
        if let sourceError { throw connectionHolds ? sourceError : outcome.error ?? sourceError }
        if let error = outcome.error { throw error }
        return outcome.affectedRows
    }

    /// Runs a COPY and cancels it on the server when the task is cancelled, also while the server says nothing.
    private func stoppable(_ copy: () throws -> Int) async -> Result<Int, any Error> {
        let canceller = canceller
        let outcome: Result<Int, any Error> = await withTaskCancellationHandler {
            requireOwnThread()
            return Result {
                try checkNotCancelled()
                return try copy()
            }
        } onCancel: {
            canceller.cancel()
        }
        return outcome.mapError { error in
            guard let told = error as? PostgresError, told.sqlState == .queryCanceled, Task.isCancelled else {
                return error
            }
            return PostgresError(kind: .cancelled, message: "Cancelled", sqlState: .queryCanceled)
        }
    }

    private static let bytesBetweenChecks = 1 << 16
    private static let bytesBetweenPayments = 1 << 13

    private func checkNotCancelled() throws(PostgresError) {
        if Task.isCancelled { throw PostgresError(kind: .cancelled, message: "Cancelled") }
    }
}
