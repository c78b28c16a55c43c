/// A table of random columns: of every form that values have, in lengths and mixtures that nobody would think of.
struct RandomTable {
    let columns: Int
    let rows: [[UInt8]]
    var messages: [[UInt8]] { CopyRows.messages(rows) }
    var stream: [UInt8] { messages.flatMap(\.self) }

    init(seed: UInt64) {
        var random = SeededRandom(seed)
        let columns = Self.oneOf([0, 1, 2, 3, 5, 8, 13, 40], &random)
        let count = Self.oneOf([0, 1, 2, 3, 15, 16, 17, 31, 32, 33, 100, 700, 2_100, 5_000], &random)
        var generators = (0..<columns).map { _ in RandomColumn(&random) }
        // Wide tables have few rows, so that ten thousand tables take a minute.
        let rows = min(count, columns > 8 ? 120 : columns > 3 ? 1_000 : count)
        var made: [[UInt8]] = []
        for _ in 0..<rows {
            var row: [[UInt8]?] = []
            for index in generators.indices { row.append(generators[index].next(row, &random)) }
            made.append(CopyRows.row(row))
        }
        self.columns = columns
        self.rows = made
    }

    static func oneOf<Element>(_ list: [Element], _ random: inout SeededRandom) -> Element {
        list[Int.random(in: 0..<list.count, using: &random)]
    }
}

/// What one column of a random table holds.
struct RandomColumn {
    enum Kind: CaseIterable {
        case serial
        case small
        case integer
        case time
        case nearOther
        case decimal
        case double
        case float
        case numeric
        case oddNumeric
        case label
        case flag
        case identifier
        case repeatedIdentifier
        case text
        case json
        case blob
        case fixedBlob
        case constant
        case nothing
        case mixture
    }

    private let kind: Kind
    private let nullShare: Double
    private let width: Int
    private let step: Int64
    private let places: Int
    private let pool: [[UInt8]]
    private var last: Int64

    init(_ random: inout SeededRandom, kind: Kind? = nil) {
        self.kind = kind ?? RandomTable.oneOf(Kind.allCases, &random)
        nullShare = RandomTable.oneOf([0, 0, 0, 0.02, 0.5, 0.97], &random)
        width = RandomTable.oneOf([1, 2, 4, 8], &random)
        step = RandomTable.oneOf([1, 1, 7, 1_000, 1_000_000, 86_400_000_000], &random)
        places = Int.random(in: 0...9, using: &random)
        last = Int64.random(in: -1_000_000_000_000...1_000_000_000_000, using: &random)
        let size = RandomTable.oneOf([1, 2, 3, 4, 5, 17, 200, 400], &random)
        let length = RandomTable.oneOf([0, 1, 3, 8, 16, 36], &random)
        pool = (0..<size).map { _ in random.bytes(Int.random(in: length / 2...length, using: &random)) }
    }

    mutating func next(_ row: [[UInt8]?], _ random: inout SeededRandom) -> [UInt8]? {
        if nullShare > 0, Double.random(in: 0..<1, using: &random) < nullShare { return nil }
        switch kind {
        case .serial, .small, .integer, .time, .nearOther: return number(row, &random)
        case .decimal, .double, .float: return float(&random)
        case .numeric: return numeric(scale: places, &random)
        case .oddNumeric: return oddNumeric(&random)
        case .label: return RandomTable.oneOf(pool, &random)
        case .flag: return [Bool.random(using: &random) ? 1 : 0]
        case .identifier: return random.bytes(16)
        case .repeatedIdentifier:
            last = Int.random(in: 0..<20, using: &random) == 0 ? Int64.random(in: 0...99, using: &random) : last
            return CopyRows.bigEndian(last &* 7_777_777_777) + CopyRows.bigEndian(last)
        case .text: return text(&random)
        case .json: return [1] + Array("{\"ms\": \(Int.random(in: 0...999, using: &random)), \"ok\": true}".utf8)
        case .blob: return random.bytes(Int.random(in: 0...90, using: &random))
        case .fixedBlob: return random.bytes(places * 9)
        case .constant: return pool[0]
        case .nothing: return nil
        case .mixture: return Bool.random(using: &random) ? numeric(scale: 2, &random) : random.bytes(width)
        }
    }

    private mutating func number(_ row: [[UInt8]?], _ random: inout SeededRandom) -> [UInt8] {
        switch kind {
        case .serial:
            last &+= step
            return CopyRows.bigEndian(last)
        case .time:
            last &+= step &* Int64.random(in: 0...90, using: &random)
            return CopyRows.bigEndian(last)
        case .nearOther:
            let other = row.last { $0?.count == 8 }.flatMap { $0?.reduce(0) { $0 << 8 | Int64($1) } }
            return CopyRows.bigEndian((other ?? last) &+ Int64.random(in: -3...3, using: &random))
        case .small: return Array(CopyRows.bigEndian(Int64.random(in: -100...100, using: &random)).suffix(width))
        default: return Array(CopyRows.bigEndian(random.next()).suffix(width))
        }
    }

    private func float(_ random: inout SeededRandom) -> [UInt8] {
        switch kind {
        case .decimal:
            let number = Int64.random(in: -90_000_000...90_000_000, using: &random)
            return CopyRows.bigEndian((Double(number) / 1e6).bitPattern)
        case .float:
            let number = Float(Int.random(in: -999...999, using: &random)) / 10
            return CopyRows.bigEndian(number.bitPattern)
        default:
            let special = [Double.nan, .infinity, -0.0, 0, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
            let number = Double.random(in: -1e3...1e3, using: &random)
            return CopyRows.bigEndian(
                (Int.random(in: 0..<50, using: &random) == 0 ? RandomTable.oneOf(special, &random) : number).bitPattern)
        }
    }

    /// A numeric as PostgreSQL makes it.
    private func numeric(scale: Int, _ random: inout SeededRandom) -> [UInt8] {
        let number = Int64.random(in: -99_999_999...99_999_999, using: &random)
        let shown = Bool.random(using: &random) ? number : number / 1_000 * 1_000
        return Numerics.bytes(digits: "\(abs(shown))", scale: scale, isNegative: shown < 0)
    }

    private func oddNumeric(_ random: inout SeededRandom) -> [UInt8] {
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return CopyRows.bigEndian(UInt64(0xc000_0000))
        case 1: return random.bytes(8 + 2 * Int.random(in: 0...4, using: &random))
        case 2: return Numerics.bytes(digits: String(repeating: "9", count: 40), scale: 20, isNegative: false)
        default: return Numerics.bytes(digits: "12345", scale: Int.random(in: 0...30, using: &random), isNegative: true)
        }
    }

    private func text(_ random: inout SeededRandom) -> [UInt8] {
        let words = ["to", "the", "camp", "road", "fuel", "stop", "Größe", "🚐", "where", "budget"]
        let count = Int.random(in: 0...12, using: &random)
        return Array((0..<count).map { _ in RandomTable.oneOf(words, &random) }.joined(separator: " ").utf8)
    }
}
