/// White space and comments as PostgreSQL's scanner skips them between tokens.
///
/// See PostgreSQL 15 manual, section 4.1.5 "Comments". Only used where a token may begin, so no quote can be open.
enum SQLTrivia {
    /// The place of the first token at or after a place.
    ///
    /// - Parameters:
    ///   - range: The part of the script to look at.
    ///   - bytes: The script.
    /// - Returns: The first token's offset, or the end of the range.
    static func firstToken(in range: Range<Int>, of bytes: [UInt8]) -> Int {
        var place = range.lowerBound
        while place < range.upperBound {
            let next = place + 1 < range.upperBound ? bytes[place + 1] : 0
            switch (bytes[place], next) {
            case (UInt8(ascii: "-"), UInt8(ascii: "-")):
                while place < range.upperBound, bytes[place] != 10, bytes[place] != 13 { place += 1 }
            case (UInt8(ascii: "/"), UInt8(ascii: "*")): place = endOfBlock(from: place, to: range.upperBound, bytes)
            case (let byte, _) where isSpace(byte): place += 1
            default: return place
            }
        }
        return range.upperBound
    }

    /// A range without the white space at both ends.
    static func trimmed(_ range: Range<Int>, of bytes: [UInt8]) -> Range<Int> {
        var lower = range.lowerBound
        var upper = range.upperBound
        while lower < upper, isSpace(bytes[lower]) { lower += 1 }
        while upper > lower, isSpace(bytes[upper - 1]) { upper -= 1 }
        return lower..<upper
    }

    /// Whether the scanner takes the byte for white space.
    static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

    private static func endOfBlock(from start: Int, to end: Int, _ bytes: [UInt8]) -> Int {
        var place = start
        var depth = 0
        while place < end {
            let next = place + 1 < end ? bytes[place + 1] : 0
            switch (bytes[place], next) {
            case (UInt8(ascii: "/"), UInt8(ascii: "*")):
                depth += 1
                place += 2
            case (UInt8(ascii: "*"), UInt8(ascii: "/")):
                depth -= 1
                place += 2
                if depth == 0 { return place }
            default: place += 1
            }
        }
        return end
    }
}
