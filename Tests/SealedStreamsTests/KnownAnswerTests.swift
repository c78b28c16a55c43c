import Testing

@testable import SealedStreams

/// Bytes by their hexadecimal digits; blanks do not matter.
func hex(_ text: String) -> [UInt8] {
    guard let bytes = Hexadecimal.bytes(text.filter { !$0.isWhitespace }) else {
        preconditionFailure("no hex: \(text)")
    }
    return bytes
}

private func seal(_ cipher: AEADCipher, _ key: String, _ message: String, _ associated: String) throws -> [UInt8] {
    var context = try AEADContext.sealing(cipher, key: SecretKey(hex(key)))
    var sealed = ReusableBuffer(capacity: 0)
    let message = hex(message)
    try context.seal(
        unsafe message.span.bytes, nonce: SegmentNonce(), authenticating: hex(associated), into: &sealed)
    return sealed.array
}

/// Answers of the standards, and of an independent implementation where a standard's nonce cannot be a segment's.
@Suite("Known answers")
struct KnownAnswerTests {
    private static let key = String(repeating: "feffe9928665731c6d6a8f9467308308", count: 2)
    private static let message = """
        d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525
        b16aedf5aa0de657ba637b39
        """
    private static let associated = "feedfacedeadbeeffeedfacedeadbeefabaddad2"

    @Test(arguments: [
        (String(repeating: "00", count: 32), "", "", "530f8afbc74536b9a963b4f1c4cb738b"),
        (
            String(repeating: "00", count: 32), String(repeating: "00", count: 16), "",
            "cea7403d4d606b6e074ec5d3baf39d18 d0d1c8a799996bf0265b98b5d48ab919"
        ),
        (
            key, message, associated,
            """
            1621cffa036c3ed2b47070f596a96d1cb0f247c91d3c0f93a2d94b1435866d488646a66583ce87dc2fd4ba0853e8e9bd
            868ab054aa19d4b924f85b94 95e21fb00bf515f4ced1252b7bb26999
            """
        ),
    ])
    func `AES-256-GCM`(key: String, message: String, associated: String, sealed: String) throws {
        #expect(try seal(.aes256GCM, key, message, associated) == hex(sealed))
    }

    @Test(arguments: [
        (
            AEADCipher.aes256GCM,
            """
            73c7eecd763bbb2d79ff77f02a97e16002fb77c7340a76390ecd2cfd08ec232f8f219a9873d9c75c19452a904d0fb119
            9ce38cd55f47263a3a3a7c45 06237699dec1ddf05017bde65db0bcf6
            """
        ),
        (
            AEADCipher.chaCha20Poly1305,
            """
            61476463bc4a34ee9af8ae967452b89204a7f3e38b50a27c69fc77926dae526ea76742107bfa074b8b9b8e64e0e22eb5
            ddbbc7ab4e8b605838f0f7cb 02ac0ef583a2fca8bf1839d60194dd92
            """
        ),
    ])
    func `the nonce of a second and last segment is eleven bytes of counter and a one`(
        cipher: AEADCipher,
        sealed: String
    ) throws {
        var nonce = SegmentNonce()
        nonce.advance()
        nonce.mark(last: true)
        var context = try AEADContext.sealing(cipher, key: SecretKey(hex(Self.key)))
        var found = ReusableBuffer(capacity: 0)
        let message = hex(Self.message)
        try context.seal(unsafe message.span.bytes, nonce: nonce, authenticating: hex(Self.associated), into: &found)
        #expect(found.array == hex(sealed))
    }

    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `SHA-256 (FIPS 180)`(text: String, digest: String) throws {
        #expect(try SHA256.digest(Array(text.utf8)).description == digest)
        var running = try SHA256()
        for byte in text.utf8 {
            let piece = [byte]
            try running.update(unsafe piece.span.bytes)
        }
        #expect(try running.finish().description == digest)
    }

    @Test(arguments: [
        (
            String(repeating: "0b", count: 20), Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            "4a656665", Array("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            String(repeating: "aa", count: 20), [UInt8](repeating: 0xdd, count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            "0102030405060708090a0b0c0d0e0f10111213141516171819", [UInt8](repeating: 0xcd, count: 50),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
        ),
        (
            String(repeating: "aa", count: 131), Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ])
    func `HMAC-SHA-256 (RFC 4231)`(key: String, message: [UInt8], code: String) throws {
        #expect(try HMAC.code(message, key: SecretBytes(hex(key))).description == code)
    }

    @Test(arguments: [
        (
            [UInt8](repeating: 0x0b, count: 22), Array(0..<13), Array(0xf0..<0xfa),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
        ),
        (
            Array(0..<0x50), Array(0x60..<0xb0), Array(0xb0...0xff),
            """
            b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09
            da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87
            """
        ),
        (
            [UInt8](repeating: 0x0b, count: 22), [UInt8](), [UInt8](),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
        ),
    ])
    func `HKDF-SHA-256 (RFC 5869)`(secret: [UInt8], salt: [UInt8], info: [UInt8], output: String) throws {
        let expected = hex(output)
        let found = try KeyDerivation.hkdf(SecretBytes(secret), salt: salt, info: info, count: expected.count)
        #expect(found.array == expected)
    }

    @Test(arguments: [
        (
            "", "", 4, 1, 1,
            """
            77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442
            fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906
            """
        ),
        (
            "password", "NaCl", 10, 8, 16,
            """
            fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162
            2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640
            """
        ),
        (
            "pleaseletmein", "SodiumChloride", 14, 8, 1,
            """
            7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2
            d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887
            """
        ),
    ])
    func `scrypt (RFC 7914)`(
        words: String,
        salt: String,
        workFactor: Int,
        blockSize: Int,
        parallelism: Int,
        output: String
    ) throws {
        let found = try KeyDerivation.scrypt(
            Passphrase(words).bytes,
            salt: Array(salt.utf8),
            workFactor: workFactor,
            blockSize: blockSize,
            parallelism: parallelism,
            count: 64
        )
        #expect(found.array == hex(output))
    }

    @Test(arguments: [
        (
            "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
            "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
            "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"
        ),
        (
            "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
            "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
            "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"
        ),
    ])
    func `X25519 (RFC 7748)`(scalar: String, point: String, output: String) throws {
        #expect(try KeyAgreement.shared(SecretKey(hex(scalar)), with: hex(point))?.array == hex(output))
    }

    @Test func `X25519 of the base point gives the public key`() throws {
        let nine: [UInt8] = [9] + [UInt8](repeating: 0, count: 31)
        let expected = hex("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079")
        #expect(try KeyAgreement.publicKey(of: SecretKey(nine)) == expected)
        #expect(try KeyAgreement.shared(SecretKey(nine), with: nine)?.array == expected)
    }

    @Test(arguments: [
        [UInt8](repeating: 0, count: 32), [1] + [UInt8](repeating: 0, count: 31),
        hex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
    ])
    func `a public key that makes every secret zero gives none`(point: [UInt8]) throws {
        #expect(try KeyAgreement.shared(SecretKey(), with: point) == nil)
    }

    @Test func `a derived key and a fingerprint are those of the format`() throws {
        let key = SecretKey(Array(0..<32))
        #expect(
            try key.derived("wheels-db manifest").bytes.array
                == hex("df1ad24afb67b2f5ddf10d1739e4af196826401b26d7df0e084c5feacb840829")
        )
        #expect(try KeyFingerprint(of: key).description == "076690fd5b943a26")
    }
}
