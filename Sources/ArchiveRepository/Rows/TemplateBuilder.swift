/// Takes JSON documents apart: what many of them have in common, their templates, and what stands in the holes.
///
/// Strings and numbers become holes; keys, brackets and blanks stay. Nothing of JSON is checked: whatever the bytes are,
/// filling the holes gives them back.
struct TemplateBuilder: ~Copyable, Sendable {
    /// A hole of a value.
    struct Token: BitwiseCopyable {
        /// Where it begins among the bytes of the list.
        let offset: UInt32
        /// How long it is.
        let length: UInt32
    }

    private static let longest = 1 << 12
    private static let mostCandidates = 256
    private static let tableSize = 1_024
    private static let sample = 32

    /// The holes of all values.
    private var tokens = ScratchArray<Token>()
    private var tokenCount = 0
    private var tokenStarts = ScratchArray<UInt32>()
    private var scratch = ScratchArray<UInt8>()
    private var table = ScratchArray<UInt16>(capacity: tableSize)
    private var candidateBytes = ScratchArray<UInt8>()
    private var candidates: [(start: Int, length: Int, holes: Int, count: Int)] = []
    /// Which template each value has.
    private(set) var choices = ScratchArray<Int64>()
    /// The values by template.
    private var order = ScratchArray<UInt32>()
    private var orderStarts: [Int] = []
    /// The templates.
    private(set) var templates: [[UInt8]] = []
    private var slotBytes = ScratchArray<UInt8>()
    private var slotLengths = ScratchArray<Int32>()
    private var slotOffsets = ScratchArray<UInt32>()

    /// Whether some of the values begin like a JSON document; `jsonb` has a byte before it.
    static func isPromising(_ list: ValueList) -> Bool {
        let count = unsafe list.count
        guard count >= 2 * sample, unsafe list.bytes.count >= 16 * count else { return false }
        for place in 0..<sample {
            let index = place * count / sample
            guard let start = unsafe list.start(index), unsafe list.length(index) >= 2 else { return false }
            let bytes = unsafe UnsafeRawBufferPointer(start: start, count: 2)
            let first = unsafe bytes[0] == 1 ? bytes[1] : bytes[0]
            guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return false }
        }
        return true
    }

    /// Finds the templates.
    ///
    /// - Returns: Whether most values have one that others have too.
    mutating func build(_ list: ValueList) -> Bool {
        let count = unsafe list.count
        candidates = []
        tokenCount = 0
        unsafe table.start.update(repeating: 0, count: Self.tableSize)
        choices.makeRoom(for: count)
        tokenStarts.makeRoom(for: count)
        scratch.makeRoom(for: 2 * Self.longest + 16)
        var strangers = 0
        for index in 0..<count {
            guard let start = unsafe list.start(index) else { return false }
            tokenStarts[index] = UInt32(tokenCount)
            let length = unsafe list.length(index)
            let found = unsafe candidate(start, length, at: list.offset(index))
            if found < 0 { strangers += 1 }
            choices[index] = Int64(found)
            guard strangers * 4 <= index + 64 else { return false }
        }
        return number(count)
    }

    /// How many values have a template, and its holes.
    func count(of template: Int) -> Int { orderStarts[template + 1] - orderStarts[template] }

    /// What stands in one hole of a template's values, in order; it is good until the next hole is asked for.
    mutating func values(
        _ hole: Int,
        _ kind: TemplateHole,
        of template: Int,
        in list: ValueList
    ) -> ValueList? {
        let first = orderStarts[template]
        let count = orderStarts[template + 1] - first
        let isWhole = templates[template] == [TemplateHole.bytes.rawValue]
        guard let base = unsafe list.bytes.baseAddress else { return nil }
        slotLengths.makeRoom(for: count)
        slotOffsets.makeRoom(for: count)
        var used = 0
        var isUniform = true
        for place in 0..<count {
            let index = unsafe Int(order.start[first + place])
            let (offset, length) =
                unsafe isWhole
                ? (list.offset(index), list.length(index)) : token(Int(tokenStarts.start[index]) + hole)
            slotBytes.grow(to: used + max(length, 16), keeping: used)
            let target = unsafe UnsafeMutableRawPointer(slotBytes.start + used)
            let size: Int
            switch kind {
            case .bytes:
                unsafe target.copyMemory(from: base + offset, byteCount: length)
                size = length
            case .number:
                var number: UInt64 = 0
                for digit in 0..<length {
                    number = unsafe number * 10 + UInt64((base + offset + digit).load(as: UInt8.self) & 15)
                }
                unsafe target.storeBytes(of: number.bigEndian, as: UInt64.self)
                size = 8
            case .uuid:
                unsafe UUIDText.read(base + offset, to: target)
                size = 16
            }
            unsafe slotLengths.start[place] = Int32(size)
            unsafe slotOffsets.start[place] = UInt32(used)
            used += size
            isUniform = unsafe isUniform && slotLengths.start[0] == Int32(size)
        }
        return unsafe ValueList(
            count: count, bytes: UnsafeRawBufferPointer(start: slotBytes.start, count: used),
            width: isUniform ? Int(slotLengths[0]) : nil, lengths: slotLengths.start, offsets: slotOffsets.start)
    }

    @inline(__always)
    private func token(_ place: Int) -> (Int, Int) {
        let token = unsafe tokens.start[place]
        return (Int(token.offset), Int(token.length))
    }

    // MARK: One value

    /// The candidate that a value has, a new one if needed; -1 when it has none.
    private mutating func candidate(_ start: UnsafeRawPointer, _ length: Int, at offset: Int) -> Int {
        let before = tokenCount
        guard length <= Self.longest, let size = unsafe scan(start, length, at: offset) else {
            tokenCount = before
            return -1
        }
        var place = unsafe Int(truncatingIfNeeded: ByteString.hash(scratch.start, size)) & (Self.tableSize - 1)
        while true {
            let known = unsafe Int(table.start[place])
            if known == 0 { break }
            let candidate = candidates[known - 1]
            // A byte of the value itself may look like a hole.
            if candidate.length == size, candidate.holes == tokenCount - before,
                unsafe ByteString.areEqual(candidateBytes.start + candidate.start, scratch.start, size)
            {
                candidates[known - 1].count += 1
                return known - 1
            }
            place = (place + 1) & (Self.tableSize - 1)
        }
        guard candidates.count < Self.mostCandidates, holesAreTold(size, tokenCount - before) else {
            tokenCount = before
            return -1
        }
        let used = candidates.last.map { $0.start + $0.length } ?? 0
        candidateBytes.grow(to: used + size, keeping: used)
        unsafe (candidateBytes.start + used).update(from: scratch.start, count: size)
        candidates.append((used, size, tokenCount - before, 1))
        unsafe table.start[place] = UInt16(candidates.count)
        return candidates.count - 1
    }

    /// Whether the bytes that stand for holes stand for nothing else.
    private func holesAreTold(_ size: Int, _ holes: Int) -> Bool {
        var found = 0
        for index in 0..<size where unsafe TemplateHole(rawValue: scratch.start[index]) != nil { found += 1 }
        return found == holes
    }

    /// Writes the template of a value and its holes; nothing when it has too many.
    @inline(__always)
    private mutating func scan(_ start: UnsafeRawPointer, _ length: Int, at offset: Int) -> Int? {
        let bytes = unsafe start.assumingMemoryBound(to: UInt8.self)
        // A hole takes at least one byte but for an empty string, which has its quotes.
        tokens.grow(to: tokenCount + length + 1, keeping: tokenCount)
        let quote = UInt8(ascii: "\"")
        var written = 0
        var literal = 0
        var place = 0
        while place < length {
            let byte = unsafe bytes[place]
            var first = place
            var end = place
            var kind = TemplateHole.bytes
            if byte == quote {
                end += 1
                while end < length, unsafe bytes[end] != quote {
                    unsafe end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
                }
                guard end < length else { break }
                if end + 1 < length, unsafe bytes[end + 1] == UInt8(ascii: ":") {
                    place = end + 2
                    continue
                }
                first += 1
                place = end + 1
                if end - first == UUIDText.length, unsafe UUIDText.isOne(start + first) { kind = .uuid }
            } else if byte &- 48 < 10 {
                while end < length, unsafe bytes[end] &- 48 < 10 { end += 1 }
                let isFraction = unsafe place > 0 && bytes[place - 1] == UInt8(ascii: ".")
                if !isFraction, end - first <= 18, byte != 48 || end - first == 1 { kind = .number }
                place = end
            } else {
                place += 1
                continue
            }
            unsafe (scratch.start + written).update(from: bytes + literal, count: first - literal)
            written += first - literal
            unsafe scratch.start[written] = kind.rawValue
            written += 1
            unsafe tokens.start[tokenCount] = Token(offset: UInt32(offset + first), length: UInt32(end - first))
            tokenCount += 1
            literal = end
        }
        unsafe (scratch.start + written).update(from: bytes + literal, count: length - literal)
        return written + length - literal
    }

    // MARK: All values

    /// Keeps the templates that are worth it, and lists the values by template.
    private mutating func number(_ count: Int) -> Bool {
        let least = max(16, count / 256)
        templates = []
        var numbers = [Int](repeating: -1, count: candidates.count)
        var covered = 0
        for (index, candidate) in candidates.enumerated() where candidate.count >= least {
            numbers[index] = templates.count
            covered += candidate.count
            let start = unsafe candidateBytes.start + candidate.start
            templates.append(unsafe Array(UnsafeBufferPointer(start: start, count: candidate.length)))
        }
        guard covered * 2 >= count, !templates.isEmpty else { return false }
        let rest = templates.count
        if covered < count { templates.append([TemplateHole.bytes.rawValue]) }
        orderStarts = [Int](repeating: 0, count: templates.count + 1)
        for index in 0..<count {
            let candidate = Int(choices[index])
            let number = candidate < 0 || numbers[candidate] < 0 ? rest : numbers[candidate]
            choices[index] = Int64(number)
            orderStarts[number + 1] += 1
        }
        for index in 1...templates.count { orderStarts[index] += orderStarts[index - 1] }
        var next = orderStarts
        order.makeRoom(for: count)
        for index in 0..<count {
            let number = Int(choices[index])
            order[next[number]] = UInt32(index)
            next[number] += 1
        }
        return true
    }
}
