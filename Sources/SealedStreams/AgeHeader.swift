/// The readable part in front of an age file: stanzas and a code over them.
struct AgeHeader: Sendable {
    static let version = "age-encryption.org/v1"

    let stanzas: [AgeStanza]
    let code: [UInt8]
    /// Where the payload begins.
    let length: Int

    /// The header of new stanzas.
    init(_ stanzas: [AgeStanza], fileKey: SecretBytes) throws(SealedStreamError) {
        self.stanzas = stanzas
        code = try Self.code(over: Self.signedText(stanzas), fileKey: fileKey)
        length = Self.text(stanzas, code: code).utf8.count
    }

    var bytes: [UInt8] { Array(Self.text(stanzas, code: code).utf8) }

    /// Whether the header is what was written by somebody who knew the file key.
    func isGenuine(fileKey: SecretBytes) throws(SealedStreamError) -> Bool {
        let expected = try Self.code(over: Self.signedText(stanzas), fileKey: fileKey)
        return constantTimeEqual(expected, code)
    }

    /// Reads the header at the beginning of a file.
    init(parsing file: [UInt8], name: String) throws(SealedStreamError) {
        var lines = HeaderLines(file)
        guard let first = lines.next() else { throw .corrupt(name, "is not an age file") }
        guard first == Self.version else {
            if first.hasPrefix("age-encryption.org/") {
                throw .unsupportedVersion(name, "is an age file of another version")
            }
            if first.hasPrefix("-----BEGIN AGE") { throw .unsupportedVersion(name, "is an age file in ASCII armor") }
            throw .corrupt(name, "is not an age file")
        }
        var stanzas: [AgeStanza] = []
        while let line = lines.next() {
            if line.hasPrefix("--- ") {
                guard !stanzas.isEmpty, let code = Base64.bytes(line.dropFirst(4)), code.count == Digest.byteCount
                else {
                    throw .corrupt(name, "has a damaged age header")
                }
                self.stanzas = stanzas
                self.code = code
                length = lines.position
                // The format forbids it: whoever knows the passphrase could else put it before the others' file.
                guard stanzas.count == 1 || !stanzas.contains(where: { $0.type == "scrypt" }) else {
                    throw .corrupt(name, "mixes a passphrase with other recipients")
                }
                // One text stands for one header, so comparing with the canonical text finds every other spelling.
                guard bytes.elementsEqual(file.prefix(length)) else { throw .corrupt(name, "has a damaged age header") }
                return
            }
            guard let stanza = Self.stanza(line, &lines) else { throw .corrupt(name, "has a damaged age header") }
            stanzas.append(stanza)
        }
        throw .corrupt(name, "ends inside its age header")
    }

    private static func stanza(_ line: String, _ lines: inout HeaderLines) -> AgeStanza? {
        let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count >= 2, words[0] == "->", words.allSatisfy({ !$0.isEmpty }) else { return nil }
        var encoded = ""
        while let part = lines.next() {
            encoded += part
            guard part.utf8.count <= 64 else { return nil }
            guard part.utf8.count < 64 else { continue }
            guard let body = Base64.bytes(encoded) else { return nil }
            return AgeStanza(type: words[1], arguments: Array(words.dropFirst(2)), body: body)
        }
        return nil
    }

    private static func signedText(_ stanzas: [AgeStanza]) -> String {
        version + "\n" + stanzas.map(\.text).joined() + "---"
    }

    private static func text(_ stanzas: [AgeStanza], code: [UInt8]) -> String {
        signedText(stanzas) + " " + Base64.text(code) + "\n"
    }

    private static func code(over text: String, fileKey: SecretBytes) throws(SealedStreamError) -> [UInt8] {
        let key = try KeyDerivation.hkdf(fileKey, salt: [], info: Array("header".utf8), count: SecretKey.byteCount)
        return try HMAC.code(Array(text.utf8), key: key).bytes
    }
}

/// Goes through the lines of a header; never past 64 KiB, and never into bytes that are no text.
private struct HeaderLines {
    private static let longest = 1 << 16
    private let bytes: ArraySlice<UInt8>
    private(set) var position = 0

    init(_ file: [UInt8]) {
        bytes = file.prefix(Self.longest)
    }

    mutating func next() -> String? {
        guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let line = bytes[position..<end]
        guard line.allSatisfy({ (32...126).contains($0) }) else { return nil }
        position = end + 1
        return String(decoding: line, as: UTF8.self)
    }
}
