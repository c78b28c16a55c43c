import CPostgres
import Glibc

extension ConnectionHandle {
    /// Runs one statement with parameters by the extended protocol, unnamed.
    ///
    /// The corresponding libpq function is `PQexecParams`.
    func run(_ query: Query) throws(PostgresError) -> ResultHandle {
        let connection = try unsafe pointer()
        for text in [query.sql] + query.parameters.compactMap(\.self) where text.utf8.contains(0) {
            throw PostgresError(kind: .invalidInput, message: "PostgreSQL cannot store the character U+0000 in a text")
        }
        let values = unsafe query.parameters.map { text in unsafe text.flatMap { unsafe strdup($0) } }
        defer {
            for place in unsafe values.indices { unsafe free(values[place]) }
        }
        let answer = unsafe values.map { unsafe UnsafePointer($0) }.withUnsafeBufferPointer { values in
            unsafe PQexecParams(
                connection,
                query.sql,
                Int32(values.count),
                nil,
                values.baseAddress,
                nil,
                nil,
                0
            )
        }
        return try unsafe checked(answer, statement: query.sql)
    }

    /// Runs a text of one or more statements by the simple protocol.
    ///
    /// The corresponding libpq function is `PQexec`. It returns at the first COPY, which the caller that `expects` it
    /// goes on with; any other COPY is brought to its end and reported.
    func runScript(_ sql: String, expecting copy: CopyDirection? = nil) throws(PostgresError) -> ResultHandle {
        let connection = try unsafe pointer()
        guard !sql.utf8.contains(0) else {
            throw PostgresError(kind: .invalidInput, message: "PostgreSQL cannot store the character U+0000 in a text")
        }
        return try unsafe checked(PQexec(connection, sql), statement: sql, expecting: copy)
    }

    /// Runs a text by the simple protocol, and gives the connection up when the answer takes longer than the limit.
    ///
    /// The result is that of the last statement, or of the first that failed. The corresponding libpq functions are
    /// `PQsendQuery` and `PQgetResult`.
    func runScript(_ sql: String, within limit: Duration) throws(PostgresError) -> ResultHandle {
        let connection = try unsafe pointer()
        guard !sql.utf8.contains(0) else {
            throw PostgresError(kind: .invalidInput, message: "PostgreSQL cannot store the character U+0000 in a text")
        }
        guard unsafe PQsendQuery(connection, sql) == 1 else { throw lostConnection(statement: sql) }
        let deadline = ContinuousClock.now + limit
        var last: OpaquePointer?
        while true {
            do throws(PostgresError) { try waitForResult(until: deadline, limit: limit, statement: sql) } catch {
                unsafe PQclear(last)
                throw error
            }
            guard let answer = unsafe PQgetResult(connection) else { break }
            unsafe PQclear(last)
            unsafe last = answer
            let status = unsafe PQresultStatus(answer)
            if status == PGRES_COPY_IN || status == PGRES_COPY_OUT { break }
        }
        return try unsafe checked(last, statement: sql)
    }

    private func waitForResult(
        until deadline: ContinuousClock.Instant,
        limit: Duration,
        statement: String
    ) throws(PostgresError) {
        let connection = try unsafe pointer()
        while unsafe PQisBusy(connection) == 1 {
            guard ContinuousClock.now < deadline else {
                close()
                var error = PostgresError(kind: .timedOut, message: "No answer within \(limit.components.seconds) s")
                error.statement = statement
                throw error
            }
            var descriptor = unsafe pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&descriptor, 1, 100) > 0 else { continue }
            guard unsafe PQconsumeInput(connection) == 1 else { throw lostConnection(statement: statement) }
        }
    }

    private func checked(
        _ answer: OpaquePointer?,
        statement: String,
        expecting copy: CopyDirection? = nil
    ) throws(PostgresError) -> ResultHandle {
        guard let answer = unsafe answer else { throw lostConnection(statement: statement) }
        let result = unsafe ResultHandle(owning: answer)
        count(received: result.rowBytes)
        switch result.status {
        case PGRES_COPY_OUT where copy == .toClient, PGRES_COPY_IN where copy == .fromClient: return result
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
            switch copy {
            case .none: return result
            case .toClient: throw unexpected("The statement is no COPY … TO STDOUT", statement)
            case .fromClient: throw unexpected("The statement is no COPY … FROM STDIN", statement)
            }
        case PGRES_COPY_OUT:
            _ = drain(statement: statement)
            throw unexpected("COPY … TO STDOUT has rows for the client: it goes by copyOut", statement)
        case PGRES_COPY_IN:
            _ = drain(statement: statement)
            throw unexpected("COPY … FROM STDIN waits for rows of the client: it goes by copyIn", statement)
        default:
            throw failure(of: result, statement: statement)
        }
    }

    private func unexpected(_ message: String, _ statement: String) -> PostgresError {
        var error = PostgresError(kind: .unexpectedAnswer, message: message)
        error.statement = statement
        return error
    }

    private func failure(of result: borrowing ResultHandle, statement: String) -> PostgresError {
        guard let connection = try? unsafe pointer(), unsafe PQstatus(connection) == CONNECTION_BAD else {
            return result.error(statement: statement)
        }
        let error = result.error(statement: statement)
        guard error.sqlState != nil else { return lostConnection(statement: statement) }
        var lost = PostgresError(kind: .connectionLost, message: error.message, sqlState: error.sqlState)
        lost.statement = statement
        return lost
    }

    /// Takes the results that are still to come, and the first error among them.
    func drain(statement: String) -> (error: PostgresError?, affectedRows: Int) {
        guard let connection = try? unsafe pointer() else { return (nil, 0) }
        var first: PostgresError?
        var rows = 0
        while let answer = unsafe PQgetResult(connection) {
            let result = unsafe ResultHandle(owning: answer)
            switch result.status {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK: rows = max(rows, result.affectedRows)
            case PGRES_COPY_IN: unsafe PQputCopyEnd(connection, "given up")
            case PGRES_COPY_OUT: discardCopyData()
            default: if first == nil { first = failure(of: result, statement: statement) }
            }
        }
        return (first, rows)
    }

    private func discardCopyData() {
        while case .row = nextCopyData() {}
    }
}
