import CPostgres
import PostgresTypes

/// Owns one `PGresult`.
@safe struct ResultHandle: ~Copyable {
    private let raw: OpaquePointer

    init(owning raw: OpaquePointer) {
        unsafe self.raw = raw
    }

    deinit { unsafe PQclear(raw) }

    var status: ExecStatusType { unsafe PQresultStatus(raw) }
    /// The command tag, such as `COMMIT` or `INSERT 0 5`.
    var commandTag: String { unsafe String(cString: PQcmdStatus(raw)) }
    /// How many rows the command touched; 0 where it has no such number.
    var affectedRows: Int { unsafe Int(String(cString: PQcmdTuples(raw))) ?? 0 }

    /// The length of the rows on the wire: for each a letter, two lengths, and for each field a length and the value.
    var rowBytes: Int {
        let rowCount = unsafe PQntuples(raw)
        let columnCount = unsafe PQnfields(raw)
        var sum = 0
        for row in 0..<max(0, rowCount) {
            sum += 7 + 4 * Int(columnCount)
            for column in 0..<max(0, columnCount) { sum += unsafe Int(PQgetlength(raw, row, column)) }
        }
        return sum
    }

    var rows: [Row] {
        let rowCount = unsafe PQntuples(raw)
        let columnCount = unsafe PQnfields(raw)
        let columns = ResultColumns(
            names: (0..<columnCount).map { unsafe String(cString: PQfname(raw, $0)) },
            types: (0..<columnCount).map { OID(unsafe PQftype(raw, $0)) })
        return (0..<rowCount).map { row in
            Row(columns: columns, fields: (0..<columnCount).map { field(row: row, column: $0) })
        }
    }

    private func field(row: Int32, column: Int32) -> String? {
        guard unsafe PQgetisnull(raw, row, column) == 0, let start = unsafe PQgetvalue(raw, row, column) else {
            return nil
        }
        let length = unsafe Int(PQgetlength(raw, row, column))
        let bytes = unsafe UnsafeRawBufferPointer(start: start, count: length)
        return unsafe String(decoding: bytes, as: UTF8.self)
    }

    private func diagnostic(_ code: Character) -> String? {
        guard let ascii = code.asciiValue, let text = unsafe PQresultErrorField(raw, Int32(ascii)) else { return nil }
        return unsafe String(cString: text)
    }

    /// The server's error, with all fields it gave.
    ///
    /// The letters are those of the protocol (manual, section 55.8).
    func error(statement: String?) -> PostgresError {
        let message = diagnostic("M") ?? wholeMessage
        let sqlState = diagnostic("C").map { SQLState($0) }
        let ended = sqlState == .adminShutdown || (sqlState == nil && status == PGRES_FATAL_ERROR)
        var error = PostgresError(
            kind: ended ? .connectionLost : .server, message: trimmed(message), sqlState: sqlState)
        error.detail = diagnostic("D")
        error.hint = diagnostic("H")
        error.position = diagnostic("P").flatMap { Int($0) }
        error.internalPosition = diagnostic("p").flatMap { Int($0) }
        error.internalQuery = diagnostic("q")
        error.context = diagnostic("W")
        let object = [diagnostic("s"), diagnostic("t"), diagnostic("c") ?? diagnostic("n")].compactMap(\.self)
        error.objectName = object.isEmpty ? nil : object.joined(separator: ".")
        error.statement = statement
        return error
    }

    private var wholeMessage: String { unsafe String(cString: PQresultErrorMessage(raw)) }

    private func trimmed(_ text: String) -> String {
        var text = text[...]
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
