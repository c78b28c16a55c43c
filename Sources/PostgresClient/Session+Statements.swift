import PostgresTypes

extension Session {
    /// Runs one statement and returns its rows, in text form.
    ///
    /// - Parameter query: The statement and its parameters.
    /// - Returns: The rows, all in memory: large tables go by COPY.
    /// - Throws: ``PostgresError``.
    public func query(_ query: Query) async throws(PostgresError) -> [Row] {
        try await cancellable { () throws(PostgresError) in try self.connection.run(query).rows }
    }

    /// Runs one statement that returns no rows.
    ///
    /// - Parameter query: The statement and its parameters.
    /// - Returns: How many rows it touched.
    /// - Throws: ``PostgresError``.
    @discardableResult
    public func execute(_ query: Query) async throws(PostgresError) -> Int {
        try await cancellable { () throws(PostgresError) in try self.connection.run(query).affectedRows }
    }

    /// Runs a text of one or more statements by the simple protocol: outside a transaction they are one together.
    ///
    /// - Parameter sql: The text.
    /// - Throws: ``PostgresError``; its position counts from the text's start.
    public func executeScript(_ sql: String) async throws(PostgresError) {
        try await cancellable { () throws(PostgresError) in _ = try self.connection.runScript(sql).affectedRows }
    }

    /// Runs a text by the simple protocol and returns the rows of its last statement.
    ///
    /// The simple protocol is all that replication connections and the consoles of poolers understand.
    ///
    /// - Parameters:
    ///   - sql: The text; nothing in it is quoted.
    ///   - limit: How long the answer may take; after that the connection is given up.
    /// - Returns: The rows, in text form.
    /// - Throws: ``PostgresError``, of kind `timedOut` when the answer took too long.
    public func simpleQuery(_ sql: String, within limit: Duration) async throws(PostgresError) -> [Row] {
        try await cancellable { () throws(PostgresError) in try self.connection.runScript(sql, within: limit).rows }
    }

    /// Runs a blocking call on this session's thread and cancels it on the server when the task is cancelled.
    func cancellable<Value: Sendable>(
        _ call: () throws(PostgresError) -> Value
    ) async throws(PostgresError) -> Value {
        guard !Task.isCancelled else { throw PostgresError(kind: .cancelled, message: "Cancelled") }
        let canceller = canceller
        let outcome: Result<Value, PostgresError> = await withTaskCancellationHandler {
            // Naming self is what keeps the closure on this session's thread: one that captures no isolated value runs
            // on the cooperative pool, where two sessions that wait for a lock would stop the whole process.
            requireOwnThread()
            // A cancel before the statement reached the server would find nothing to stop.
            guard !Task.isCancelled else { return .failure(PostgresError(kind: .cancelled, message: "Cancelled")) }
            do throws(PostgresError) { return .success(try call()) } catch { return .failure(error) }
        } onCancel: {
            canceller.cancel()
        }
        do {
            return try outcome.get()
        } catch {
            throw error.sqlState == .queryCanceled && Task.isCancelled
                ? PostgresError(kind: .cancelled, message: "Cancelled", sqlState: .queryCanceled) : error
        }
    }
}
