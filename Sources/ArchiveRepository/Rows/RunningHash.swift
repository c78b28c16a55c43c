/// A hash of bytes that come in pieces; how many they are together is known before.
struct RunningHash: Sendable {
    private var words: HashWords
    private var waiting: [12 of UInt8] = .init(repeating: 0)
    private var count = 0

    init(length: Int, seed: UInt64 = 0) {
        words = HashWords(length: length, seed: seed)
    }

    /// Takes the next bytes.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        var place = 0
        while count > 0, place < bytes.count { unsafe wait(for: bytes[place], &place) }
        while bytes.count - place >= HashWords.block {
            unsafe words.add(base + place)
            place += HashWords.block
        }
        while place < bytes.count { unsafe wait(for: bytes[place], &place) }
    }

    /// The hash, when all bytes were taken.
    var value: UInt64 {
        var last = words
        var rest = waiting
        for index in count..<HashWords.block { rest[index] = 0 }
        return unsafe withUnsafeBytes(of: &rest) { rest in
            guard let start = rest.baseAddress else { return 0 }
            return unsafe last.finish(start)
        }
    }

    private mutating func wait(for byte: UInt8, _ place: inout Int) {
        waiting[count] = byte
        count += 1
        place += 1
        guard count == HashWords.block else { return }
        count = 0
        unsafe withUnsafeBytes(of: &waiting) { block in
            if let start = block.baseAddress { unsafe words.add(start) }
        }
    }
}
