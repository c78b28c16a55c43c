import CPgQuery

/// PostgreSQL's own grammar, as libpg_query carries it, linked in: the only file that calls the library.
///
/// The library keeps its memory per thread and frees it when a call ends; see `DeepStack` for the thread.
@safe public enum Grammar: Sendable {
    /// The PostgreSQL version whose grammar this is, such as `15.1`.
    public static let version: String = PG_VERSION

    /// What the parser says about a text it does not accept.
    struct Failure: Error, Sendable {
        let message: String
        /// In characters (Unicode scalars) from 1; 0 when the parser names no place.
        let position: Int
    }

    /// The statements of a script as byte ranges; leading white space and comments belong to the statement.
    ///
    /// The corresponding function is `pg_query_split_with_parser`; the scanner's variant would break `BEGIN ATOMIC`.
    ///
    /// - Parameter script: SQL without a NUL byte.
    /// - Returns: Offsets into the script's UTF-8 bytes.
    /// - Throws: ``Failure`` when the grammar does not accept the script.
    static func split(_ script: String) throws(Failure) -> [Range<Int>] {
        let result = unsafe pg_query_split_with_parser(script)
        defer { unsafe pg_query_free_split_result(result) }
        if let error = unsafe result.error { throw unsafe failure(error) }
        let length = script.utf8.count
        var ranges: [Range<Int>] = []
        for index in 0..<Int(unsafe result.n_stmts) {
            guard let statement = unsafe result.stmts[index] else { continue }
            let start = Int(unsafe statement.pointee.stmt_location)
            let count = Int(unsafe statement.pointee.stmt_len)
            ranges.append(start..<(count > 0 ? start + count : length))
        }
        return ranges
    }

    /// The parse tree as JSON.
    ///
    /// The corresponding function is `pg_query_parse`. It recurses: call it on a `DeepStack`.
    static func parseTree(_ sql: String) throws(Failure) -> String {
        let result = unsafe pg_query_parse(sql)
        defer { unsafe pg_query_free_parse_result(result) }
        if let error = unsafe result.error { throw unsafe failure(error) }
        guard let tree = unsafe result.parse_tree else { return "{}" }
        return unsafe String(cString: tree)
    }

    /// The fingerprint as 16 hexadecimal digits.
    ///
    /// The corresponding function is `pg_query_fingerprint`. It recurses: call it on a `DeepStack`.
    static func fingerprint(_ sql: String) throws(Failure) -> String {
        let result = unsafe pg_query_fingerprint(sql)
        defer { unsafe pg_query_free_fingerprint_result(result) }
        if let error = unsafe result.error { throw unsafe failure(error) }
        guard let digits = unsafe result.fingerprint_str else { return "" }
        return unsafe String(cString: digits)
    }

    private static func failure(_ error: UnsafeMutablePointer<PgQueryError>) -> Failure {
        let message = unsafe error.pointee.message.map { unsafe String(cString: $0) }
        return Failure(message: message ?? "syntax error", position: Int(unsafe error.pointee.cursorpos))
    }
}
