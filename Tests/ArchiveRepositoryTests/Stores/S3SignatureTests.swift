import Foundation
import HTTPClient
import Testing

@testable import ArchiveRepository

/// The examples of "Signature Calculations for the Authorization Header" in the manual of Amazon S3.
@Suite("Signatures of S3 requests")
struct S3SignatureTests {
    private static let signature = S3Signature(
        credentials: S3Credentials(
            keyID: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        region: "us-east-1",
        date: Date(timeIntervalSince1970: 1_369_353_600)
    )
    private static let host = "examplebucket.s3.amazonaws.com"

    private func signed(
        _ method: String,
        _ path: String,
        query: [(String, String)] = [],
        fields: [HTTPRequest.Field] = [],
        hash: String = S3Signature.emptyHash
    ) throws -> String? {
        try Self.signature.signed(
            method: method, host: Self.host, path: path, query: query, fields: fields, payloadHash: hash
        ).first { $0.name == "Authorization" }?.value
    }

    private func expected(_ names: String, _ signature: String) -> String {
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
            + "SignedHeaders=\(names),Signature=\(signature)"
    }

    @Test func `GET of a range`() throws {
        let value = try signed("GET", "/test.txt", fields: [.init("Range", "bytes=0-9")])
        #expect(
            value
                == expected(
                    "host;range;x-amz-content-sha256;x-amz-date",
                    "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"))
    }

    @Test func `PUT of an object`() throws {
        let value = try signed(
            "PUT", "/\(S3Signature.encoded("test$file.text"))",
            fields: [
                .init("Date", "Fri, 24 May 2013 00:00:00 GMT"), .init("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ],
            hash: "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072")
        #expect(
            value
                == expected(
                    "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
                    "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"))
    }

    @Test func `GET of a bucket's lifecycle`() throws {
        let value = try signed("GET", "/", query: [("lifecycle", "")])
        #expect(
            value
                == expected(
                    "host;x-amz-content-sha256;x-amz-date",
                    "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"))
    }

    @Test func `a list of objects`() throws {
        let value = try signed("GET", "/", query: [("prefix", "J"), ("max-keys", "2")])
        #expect(
            value
                == expected(
                    "host;x-amz-content-sha256;x-amz-date",
                    "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"))
    }

    @Test func `a session's token is sent and signed`() throws {
        let temporary = S3Signature(
            credentials: S3Credentials(keyID: "A", secret: "b", sessionToken: "token/+="), region: "x",
            date: Self.signature.date)
        let fields = try temporary.signed(
            method: "GET", host: "h", path: "/", query: [], fields: [], payloadHash: S3Signature.emptyHash)
        #expect(fields.contains(.init("x-amz-security-token", "token/+=")))
        #expect(fields.last?.value.contains("x-amz-date;x-amz-security-token,") == true)
        #expect(fields.contains(.init("x-amz-date", "20130524T000000Z")))
    }

    @Test func `names and values are encoded, sorted and collapsed`() {
        #expect(S3Signature.encoded("a/b c~ü+") == "a%2Fb%20c~%C3%BC%2B")
        #expect(S3Signature.encoded("a/b c", keepingSlashes: true) == "a/b%20c")
        #expect(S3Signature.queryText([("b", "2"), ("a", "x y"), ("a", "1")]) == "a=1&a=x%20y&b=2")
        let request = S3Signature.canonicalRequest(
            method: "GET", path: "/", query: [], fields: [.init("B", "  x   y "), .init("a", "1")], payloadHash: "h")
        #expect(request.text == "GET\n/\n\na:1\nb:x y\n\na;b\nh" && request.names == "a;b")
    }
}
