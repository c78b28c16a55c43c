import SQLText

/// Finds the line of a `DO` block that an error of the server comes from.
///
/// The server gives no position for errors at run time, only a line of the block's body.
enum DoBlock {
    /// The place in the file of the first character of that line.
    ///
    /// - Parameters:
    ///   - context: The server's call stack; its last line is the outermost call.
    ///   - statement: The statement that failed.
    /// - Returns: Bytes before the place in the file; `nil` when the error is of another kind.
    static func offset(of context: String?, in statement: Statement) -> Int? {
        guard let number = line(of: context), let body = bodyStart(of: statement.text) else { return nil }
        let bytes = Array(statement.text.utf8)
        var place = body
        for _ in 1..<max(number, 1) {
            guard let end = bytes[place...].firstIndex(of: 10) else { return nil }
            place = end + 1
        }
        while place < bytes.count, bytes[place] == 32 || bytes[place] == 9 { place += 1 }
        return place < bytes.count ? statement.utf8Range.lowerBound + place : nil
    }

    private static func line(of context: String?) -> Int? {
        guard let outermost = context?.split(separator: "\n").last else { return nil }
        let marker = "inline_code_block line "
        guard let range = outermost.firstRange(of: marker) else { return nil }
        return Int(outermost[range.upperBound...].prefix { $0.isNumber })
    }

    /// The first byte after the opening `$…$`; bodies in plain quotes are not looked into.
    private static func bodyStart(of text: String) -> Int? {
        guard text.prefix(2).lowercased() == "do" else { return nil }
        let bytes = Array(text.utf8)
        guard let first = bytes.firstIndex(of: UInt8(ascii: "$")),
            let second = bytes[(first + 1)...].firstIndex(of: UInt8(ascii: "$"))
        else { return nil }
        return second + 1
    }
}
