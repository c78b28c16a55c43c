import Diagnostics
import Testing

@testable import SealedStreams

private func failure(_ body: () throws -> Void) -> FailureClass? {
    do {
        try body()
        return nil
    } catch { return (error as? SealedStreamError)?.failureClass ?? .failure }
}

/// An age file of chosen stanzas whose code is right, so that only the stanzas can be wrong.
private func file(_ stanzas: [AgeStanza], _ fileKey: SecretBytes) throws -> [UInt8] {
    try AgeHeader(stanzas, fileKey: fileKey).bytes + [UInt8](repeating: 0, count: 32)
}

@Suite("Age files without the age program")
struct AgeFileTests {
    private static let identity = "AGE-SECRET-KEY-1YE9PUW68WJSHA20PZ92QWUAEX5D6Q7KXGTS5DJHKA3H503KSDPNQSM9A0Q"
    /// "Hello, wheels", sealed by age 1.1.1 for the identity above.
    private static let sealed = hex(
        """
        6167652d656e6372797074696f6e2e6f72672f76310a2d3e205832353531392056397743763947545370795448594543
        35526a6d4b613657346d7a6d3768326858734d62435175444c416f0a6c4a337a35642f49614839474d65574c615a5845
        3053414f4d4f4e4a644d4870334e6268316635413357300a2d2d2d207857594579737448366e6c466742724643317271
        38797a2f46704d6738332b397078726631567a514d484d0a85dd411c9f8a0468e671ccf5f2dca52e76c2595f1c04daf5
        e7ab41638c36f61e09d4ab187d69b1c3a8e51e54bd
        """
    )

    @Test func `a file of the age program opens`() throws {
        let identity = try AgeIdentity(Self.identity)
        #expect(
            identity.recipient.description == "age10kjjaqx3wrk2akqxxrvqy28kat04umcklcy3d2djsx7xzswvs4mq3ekdv7")
        #expect(try AgeFile.open(Self.sealed, with: [identity], name: "f") == Array("Hello, wheels".utf8))
    }

    @Test func `each flipped bit of a header, and each cut, is found`() throws {
        let identity = try AgeIdentity()
        let file = try AgeFile.seal(Array("secret".utf8), for: [identity.recipient])
        for place in file.indices {
            var changed = file
            changed[place] ^= 1
            #expect(failure { _ = try AgeFile.open(changed, with: [identity], name: "f") } != nil, "byte \(place)")
            let cut = Array(file[..<place])
            #expect(failure { _ = try AgeFile.open(cut, with: [identity], name: "f") } == .corrupt, "length \(place)")
        }
        #expect(failure { _ = try AgeFile.open(file + [0], with: [identity], name: "f") } == .corrupt)
    }

    @Test func `a file for two is opened by each, and by nobody else`() throws {
        let one = try AgeIdentity()
        let two = try AgeIdentity()
        let file = try AgeFile.seal([1, 2, 3], for: [one.recipient, two.recipient])
        for identities in [[one], [two], [two, one], [try AgeIdentity(), two]] {
            #expect(try AgeFile.open(file, with: identities, name: "f") == [1, 2, 3])
        }
        #expect(failure { _ = try AgeFile.open(file, with: [AgeIdentity()], name: "f") } == .wrongKey)
        #expect(failure { _ = try AgeFile.open(file, with: [], name: "f") } == .wrongKey)
        #expect(failure { _ = try AgeFile.open(file, with: Passphrase("x"), name: "f") } == .wrongKey)
    }

    @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 131_072])
    func `segments of the payload cannot be dropped, swapped or doubled`(count: Int) throws {
        let identity = try AgeIdentity()
        let content = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let file = try AgeFile.seal(content, for: [identity.recipient])
        #expect(try AgeFile.open(file, with: [identity], name: "f") == content)
        let header = try AgeHeader(parsing: file, name: "f").length + 16
        let sealed = 65_536 + 16
        guard file.count > header + sealed else { return }
        let first = file[header..<header + sealed]
        let rest = file[(header + sealed)...]
        for payload in [Array(rest), Array(first), Array(first + first + rest), Array(rest + first)] {
            let changed = file[..<header] + payload
            #expect(failure { _ = try AgeFile.open(Array(changed), with: [identity], name: "f") } == .corrupt)
        }
    }

    @Test func `a passphrase opens its file, and another one is a wrong key`() throws {
        let file = try AgeFile.seal([7], with: Passphrase("right words"), workFactor: 4)
        #expect(try AgeFile.open(file, with: Passphrase("right words"), name: "f") == [7])
        #expect(failure { _ = try AgeFile.open(file, with: Passphrase("Right words"), name: "f") } == .wrongKey)
        #expect(failure { _ = try AgeFile.open(file, with: [AgeIdentity()], name: "f") } == .wrongKey)
    }

    @Test(arguments: [
        ("0", FailureClass.corrupt), ("-1", .corrupt), ("+4", .corrupt), ("04", .corrupt), ("0x4", .corrupt),
        ("4 ", .corrupt), ("", .corrupt), ("four", .corrupt), ("99999999999999999999", .corrupt),
        ("23", .unsupportedVersion), ("64", .unsupportedVersion), ("9223372036854775807", .unsupportedVersion),
    ])
    func `a work factor outside 1 to 22 is refused before it costs memory`(text: String, expected: FailureClass) throws
    {
        let fileKey = try RandomBytes.secret(count: 16)
        let good = try AgeStanza.scrypt(fileKey, for: Passphrase("x"), workFactor: 1)
        let stanza = AgeStanza(type: "scrypt", arguments: [good.arguments[0], text], body: good.body)
        let bytes = try file([stanza], fileKey)
        #expect(failure { _ = try AgeFile.open(bytes, with: Passphrase("x"), name: "f") } == expected)
    }

    @Test func `a scrypt stanza has two arguments, a salt of 16 bytes and a body of 32`() throws {
        let fileKey = try RandomBytes.secret(count: 16)
        let good = try AgeStanza.scrypt(fileKey, for: Passphrase("x"), workFactor: 1)
        let salt = good.arguments[0]
        let salts = [String(salt.dropLast(2)), salt + "AA", "", salt.dropLast() + "="]
        let wrong =
            salts.map { AgeStanza(type: "scrypt", arguments: [$0, "1"], body: good.body) } + [
                AgeStanza(type: "scrypt", arguments: good.arguments + ["1"], body: good.body),
                AgeStanza(type: "scrypt", arguments: ["1"], body: good.body),
                AgeStanza(type: "scrypt", arguments: good.arguments, body: good.body + [0]),
                AgeStanza(type: "scrypt", arguments: good.arguments, body: []),
            ]
        for stanza in wrong {
            let bytes = try file([stanza], fileKey)
            #expect(failure { _ = try AgeFile.open(bytes, with: Passphrase("x"), name: "f") } == .corrupt)
        }
    }

    @Test func `a passphrase beside another recipient is refused, whoever opens`() throws {
        let identity = try AgeIdentity()
        let fileKey = try RandomBytes.secret(count: 16)
        let scrypt = try AgeStanza.scrypt(fileKey, for: Passphrase("x"), workFactor: 1)
        let x25519 = try AgeStanza.x25519(fileKey, for: identity.recipient)
        for stanzas in [[scrypt, x25519], [x25519, scrypt], [scrypt, scrypt]] {
            let bytes = try file(stanzas, fileKey)
            #expect(failure { _ = try AgeFile.open(bytes, with: Passphrase("x"), name: "f") } == .corrupt)
            #expect(failure { _ = try AgeFile.open(bytes, with: [identity], name: "f") } == .corrupt)
        }
    }

    @Test func `an X25519 stanza has one share of 32 bytes, not of low order, and a body of 32`() throws {
        let identity = try AgeIdentity()
        let fileKey = try RandomBytes.secret(count: 16)
        let good = try AgeStanza.x25519(fileKey, for: identity.recipient)
        let zero = Base64.text([UInt8](repeating: 0, count: 32))
        let wrong = [
            AgeStanza(type: "X25519", arguments: [], body: good.body),
            AgeStanza(type: "X25519", arguments: good.arguments + ["x"], body: good.body),
            AgeStanza(type: "X25519", arguments: [String(good.arguments[0].dropLast(4))], body: good.body),
            AgeStanza(type: "X25519", arguments: [zero], body: good.body),
            AgeStanza(type: "X25519", arguments: good.arguments, body: good.body + [1]),
        ]
        for stanza in wrong {
            let bytes = try file([stanza], fileKey)
            #expect(failure { _ = try AgeFile.open(bytes, with: [identity], name: "f") } == .corrupt)
        }
        let unknown = AgeStanza(type: "greasy", arguments: ["a", "b"], body: [1, 2, 3])
        let other = AgeStanza(type: "x25519", arguments: good.arguments, body: good.body)
        let bytes = try file([unknown, other], fileKey)
        #expect(failure { _ = try AgeFile.open(bytes, with: [identity], name: "f") } == .wrongKey)
    }

    @Test(arguments: [
        "", "\n", "no age file\n", "age-encryption.org/v1", "age-encryption.org/v1\n", "age-encryption.org/v1\r\n",
        "age-encryption.org/v1\n--- AAAA\n", "age-encryption.org/v1\n-> X25519\n", "age-encryption.org/v1\n->\n\n",
        "age-encryption.org/v1\n->  X\nAAAA\n", "age-encryption.org/v1\nX\n", "age-encryption.org/v1\n-> X ü\n\n",
        "age-encryption.org/v1\n-> X\n\n---\n", "age-encryption.org/v1\n-> X\n\n---  AA\n",
    ])
    func `a text that is no header is corrupt`(text: String) throws {
        let identity = try AgeIdentity()
        #expect(failure { _ = try AgeFile.open(Array(text.utf8), with: [identity], name: "f") } == .corrupt)
    }

    @Test(arguments: ["age-encryption.org/v2\n", "-----BEGIN AGE ENCRYPTED FILE-----\n"])
    func `another version and armor are named as such`(text: String) throws {
        let identity = try AgeIdentity()
        #expect(failure { _ = try AgeFile.open(Array(text.utf8), with: [identity], name: "f") } == .unsupportedVersion)
    }

    @Test func `a body of full lines ends with an empty one`() throws {
        let fileKey = try RandomBytes.secret(count: 16)
        for count in [0, 1, 47, 48, 49, 96] {
            let stanza = AgeStanza(type: "long", arguments: ["x"], body: [UInt8](repeating: 9, count: count))
            let header = try AgeHeader(parsing: file([stanza], fileKey), name: "f")
            #expect(header.stanzas == [stanza])
            #expect(try header.isGenuine(fileKey: fileKey))
            #expect(try !header.isGenuine(fileKey: RandomBytes.secret(count: 16)))
        }
    }
}
