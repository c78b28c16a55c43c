import Diagnostics
import Testing

@testable import SealedStreams

@Suite("Text forms")
struct TextFormTests {
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"),
    ])
    func `Base64 (RFC 4648) without padding`(text: String, encoded: String) {
        #expect(Base64.text(Array(text.utf8)) == encoded)
        #expect(Base64.bytes(encoded) == Array(text.utf8))
    }

    @Test(arguments: [
        "Zg==", "Zm8=", "=", "Z", "Zm9vY", "Zh", "Zm9", "Zm 9v", "Zm9v\n", "\nZm9v", "Zm-v", "Zm_v", "Zm9v.", "Zm9ü",
    ])
    func `Base64 in any form but the canonical one is refused`(text: String) {
        #expect(Base64.bytes(text) == nil)
    }

    @Test func `Base64 of every byte comes back`() {
        for count in 0...64 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 251 &+ count) }
            #expect(Base64.bytes(Base64.text(bytes)) == bytes)
        }
    }

    @Test(arguments: [
        "A12UEL5L", "a12uel5l", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", "?1ezyfcl",
        "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
        "age10kjjaqx3wrk2akqxxrvqy28kat04umcklcy3d2djsx7xzswvs4mq3ekdv7",
    ])
    func `Bech32 (BIP 173) comes back`(text: String) throws {
        let parsed = try #require(Bech32.parse(text))
        #expect(Bech32.text(prefix: parsed.prefix, parsed.bytes) == text.lowercased())
    }

    @Test(arguments: [
        "", "1", "pzry9x0s0muk", "1pzry9x0s0muk", "x1b4n0q5v", "li1dgmt3", "de1lg7wt\u{ff}", "A1G7SGD8", "10a06t8",
        "1qzzfhee", "A12uEL5L", "a12uel5m", "a12ue15l", "\u{80}1eym55h", "a12uel5l ", " a12uel5l",
        // U+212A, the sign of the kelvin, becomes a k in lower case.
        "AGE10\u{212A}JJAQX3WRK2AKQXXRVQY28KAT04UMCKLCY3D2DJSX7XZSWVS4MQ3EKDV7",
    ])
    func `damaged Bech32 is refused`(text: String) {
        #expect(Bech32.parse(text) == nil)
    }

    @Test func `every mistyped character of a recipient is found`() throws {
        let text = Array("age10kjjaqx3wrk2akqxxrvqy28kat04umcklcy3d2djsx7xzswvs4mq3ekdv7")
        for place in text.indices {
            for character in "qpzry9x8gf2tvdw0s3jn54khce6mua7l1bio" where character != text[place] {
                var wrong = text
                wrong[place] = character
                #expect(throws: SealedStreamError.self) { try AgeRecipient(String(wrong)) }
            }
        }
    }

    @Test(arguments: ["0", "xy", "0x12", "12 ", "１２", "é0"])
    func `text that is no hexadecimal is refused`(text: String) {
        #expect(Hexadecimal.bytes(text) == nil)
    }

    @Test func `hexadecimal comes back in lower case`() throws {
        let bytes: [UInt8] = [0, 0x0f, 0xa0, 0xff]
        #expect(Hexadecimal.text(bytes) == "000fa0ff")
        #expect(Hexadecimal.bytes("000FA0ff") == bytes)
        #expect(Digest(hex: "00") == nil && KeyFingerprint(hex: "00") == nil)
    }
}

@Suite("Secrets")
struct SecretTests {
    private static let marker = Array("DO-NOT-PRINT-ME-0123456789abcdef".utf8)

    private func texts(_ value: some Any) -> [String] {
        var dumped = ""
        dump(value, to: &dumped)
        return ["\(value)", String(reflecting: value), dumped]
    }

    @Test func `a description of a secret tells nothing of it`() throws {
        let bytes = SecretBytes(Self.marker)
        let key = SecretKey(Self.marker)
        let identity = try AgeIdentity(secret: key)
        let found =
            texts(bytes) + texts(key) + texts(identity) + texts(Passphrase("DO-NOT-PRINT"))
            + texts(OpeningKeys(content: key, code: key))
            + texts(SealingKeys(content: key, code: key, writer: try KeyFingerprint(of: key)))
        for text in found {
            #expect(!text.contains("DO-NOT") && !text.contains("SECRET-KEY"))
            #expect(!text.lowercased().contains(Hexadecimal.text(Self.marker.prefix(6))))
            #expect(!text.contains(Self.marker.prefix(4).map(String.init).joined(separator: ", ")))
        }
    }

    @Test func `an error about a mistyped key does not repeat it`() throws {
        let secret = try AgeIdentity().secretText
        let wrong = String(secret.dropLast()) + "b"
        let failures: [() throws -> Void] = [
            { _ = try AgeIdentity(wrong) }, { _ = try AgeRecipient(secret) }, { _ = try AgeRecipient(wrong) },
            { _ = try AgeRecipient(secret.lowercased()) },
            { _ = try AgeIdentity.identities(inFile: "# a comment\n\(wrong)\n", name: "keys.txt") },
        ]
        for failure in failures {
            let error = try #require(throws: SealedStreamError.self) { try failure() }
            #expect(error.failureClass == .wrongKey)
            #expect(!"\(error)\(error.summary)".contains(String(secret.dropFirst(20).prefix(12))))
            #expect(!"\(error)\(error.summary)".contains(String(secret.lowercased().dropFirst(20).prefix(12))))
        }
    }

    @Test func `an identity file may hold comments and several identities, and a wrong line is named`() throws {
        let one = try AgeIdentity()
        let two = try AgeIdentity()
        let text = "\r\n# created\r\n\(one.secretText)\r\n\n  \(two.secretText)  \n"
        let found = try AgeIdentity.identities(inFile: text, name: "keys.txt")
        #expect(found.map(\.recipient) == [one.recipient, two.recipient])
        let error = try #require(throws: SealedStreamError.self) {
            try AgeIdentity.identities(inFile: "#\n\(one.secretText)\nage1nonsense\n", name: "keys.txt")
        }
        #expect(error.summary.contains("Line 3 of keys.txt"))
        #expect(throws: SealedStreamError.self) { try AgeIdentity.identities(inFile: "# nothing\n", name: "keys.txt") }
    }

    @Test func `a passphrase file counts to its first line end`() {
        for text in ["two words", "two words\n", "two words\r\n", "two words\nmore"] {
            #expect(Passphrase(fileText: text).bytes.array == Array("two words".utf8))
        }
        #expect(Passphrase(fileText: "\n").isEmpty && Passphrase("").isEmpty && !Passphrase(" ").isEmpty)
    }

    @Test func `equality in constant time is equality`() {
        #expect(constantTimeEqual([], []) && constantTimeEqual([1, 2], [1, 2]))
        #expect(!constantTimeEqual([1, 2], [1, 3]) && !constantTimeEqual([1], [1, 2]) && !constantTimeEqual([], [0]))
    }

    @Test func `random bytes differ`() throws {
        #expect(try RandomBytes.bytes(count: 32) != RandomBytes.bytes(count: 32))
        #expect(try RandomBytes.bytes(count: 0).isEmpty)
    }
}
