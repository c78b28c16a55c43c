import PostgresTypes

extension Session {
    /// Runs a body in a transaction: committed when it returns, rolled back when it throws.
    ///
    /// - Parameters:
    ///   - mode: Isolation, and whether anything is written.
    ///   - body: Gets this session. Do not use the session elsewhere until the body has returned.
    /// - Returns: What the body returns.
    /// - Throws: The body's own error when the rollback after it went well; ``TransactionError`` when COMMIT or
    ///   ROLLBACK failed; ``PostgresError`` when BEGIN failed.
    public nonisolated func withTransaction<Value: Sendable>(
        _ mode: TransactionMode = .readCommitted,
        _ body: (Session) async throws -> Value
    ) async throws -> Value {
        try await execute(Query(unsafeSQL: "BEGIN \(mode.rawValue)"))
        let value: Value
        do {
            value = try await body(self)
        } catch {
            do { try await rollBack() } catch let failure {
                guard failure.endsSession else { throw TransactionError(step: .rollback, underlying: error) }
            }
            throw error
        }
        try await commit()
        return value
    }

    /// Rolls back, also in a cancelled task: the statement is not cancellable.
    func rollBack() throws(PostgresError) {
        guard connection.isInTransaction else { return }
        _ = try connection.runScript("ROLLBACK").affectedRows
    }

    private func commit() throws {
        do {
            let tag = try connection.runScript("COMMIT").commandTag
            // The server answers COMMIT of a failed transaction with ROLLBACK, and no error.
            guard tag == "COMMIT" else {
                throw TransactionError(
                    step: .commit,
                    underlying: PostgresError(
                        kind: .server,
                        message: "A statement of the transaction had failed",
                        sqlState: .inFailedTransaction
                    )
                )
            }
        } catch let error as PostgresError {
            throw TransactionError(step: error.endsSession ? .commitUnconfirmed : .commit, underlying: error)
        }
    }
}
