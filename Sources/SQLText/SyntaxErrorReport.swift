/// Turns the parser's refusal into an error that names the usual reasons.
struct SyntaxErrorReport {
    let script: String
    /// Bytes before the text that was parsed: a byte order mark.
    let prefixBytes: Int

    /// The error for a refusal.
    func error(for failure: Grammar.Failure) -> SQLSyntaxError {
        let bytes = Array(script.utf8)
        let body = String(decoding: bytes[prefixBytes...], as: UTF8.self)
        let offset = prefixBytes + (failure.position > 0 ? body.utf8Offset(ofCharacter: failure.position) : 0)
        if let line = psqlCommand(in: bytes, at: offset) {
            let command = String(line.prefix { !$0.isWhitespace })
            return SQLSyntaxError(.psqlCommand, "\(command) is a command of psql, not SQL", utf8Offset: offset)
        }
        if let statement = copyStatement(before: offset, in: bytes) {
            return SQLSyntaxError(
                .copyData, "the rows after COPY … FROM stdin are no SQL", utf8Offset: statement)
        }
        return SQLSyntaxError(.syntax, failure.message, utf8Offset: offset)
    }

    /// The line at a place when it begins with a backslash.
    private func psqlCommand(in bytes: [UInt8], at offset: Int) -> String? {
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\\") else { return nil }
        let line = bytes[offset...].prefix { $0 != 10 && $0 != 13 }
        guard line.count > 1 else { return nil }
        let command = String(decoding: line, as: UTF8.self)
        return command.hasPrefix("\\.") && copyStatement(before: offset, in: bytes) != nil ? nil : command
    }

    /// The start of the last line before a place that ends a `COPY … FROM stdin` statement.
    ///
    /// A guess that only words a refusal; nothing is split by it.
    private func copyStatement(before offset: Int, in bytes: [UInt8]) -> Int? {
        var found: Int?
        var start = 0
        for line in bytes[..<min(offset, bytes.count)].split(separator: 10, omittingEmptySubsequences: false) {
            start = line.startIndex
            guard line.count < 4_096 else { continue }
            let words = String(decoding: line, as: UTF8.self).lowercased().split { $0.isWhitespace || $0 == ";" }
            if words.first == "copy", words.contains("from"), words.contains("stdin") { found = start }
        }
        return found
    }
}
