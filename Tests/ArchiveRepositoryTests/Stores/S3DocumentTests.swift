import HTTPClient
import Testing

@testable import ArchiveRepository

@Suite("Documents of S3")
struct S3DocumentTests {
    private func read(_ text: String) -> S3Document? { S3Document(Array(text.utf8)) }

    @Test func `elements, text and entities are read`() throws {
        let document = try #require(
            read(
                """
                <?xml version="1.0" encoding="UTF-8"?>
                <!-- a comment > -->
                <List xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><A>1</A><A x="y">&lt;&amp;&#65;&#x42;</A>
                  <B/><s:C>d<![CDATA[<raw> & ]]>e</s:C></List>
                """))
        #expect(document.name == "List")
        #expect(document.all("A").map(\.text) == ["1", "<&AB"])
        #expect(document["B"]?.isEmpty == true && document["Z"] == nil)
        #expect(document["C"] == "d<raw> & e")
    }

    @Test(arguments: [
        "", "text", "<a>", "<a></b>", "<a", "<a>&nbsp;</a>", "<a>&#xD800;</a>", "<a>&amp</a>", "<!DOCTYPE a><a/>",
        "</a>", "<>x</>", "<a><![CDATA[x</a>", String(repeating: "<a>", count: 10_000),
    ])
    func `what is no whole document is none`(text: String) {
        #expect(read(text) == nil)
    }

    @Test func `every beginning of a document is read without harm`() {
        let text = Array("<?x?><a b='c'><!-- d --><e>&lt;</e><![CDATA[f]]><g/></a>".utf8)
        for length in 0..<text.count { #expect(S3Document(Array(text[..<length])) == nil) }
        #expect(S3Document(text) != nil)
    }

    @Test func `a failure says what S3 says`() {
        let body = "<Error><Code>NoSuchKey</Code><Message>None &amp; nowhere</Message><Region>eu</Region></Error>"
        let failure = S3Failure(HTTPResponse(status: 404, fields: ["retry-after": "7"]), body: Array(body.utf8))
        #expect(failure.code == "NoSuchKey" && failure.message == "None & nowhere" && failure.status == 404)
        #expect(failure.region == "eu" && failure.pause == .seconds(7))
        let silent = S3Failure(HTTPResponse(status: 500, fields: ["x-amz-bucket-region": "us"]), body: [1, 2])
        #expect(silent.code.isEmpty && silent.region == "us" && silent.pause == nil)
    }

    @Test(arguments: [
        (500, "", true), (502, "", true), (503, "SlowDown", true), (504, "", true), (429, "", true), (408, "", true),
        (409, "ConditionalRequestConflict", true), (409, "OperationAborted", true), (400, "RequestTimeout", true),
        (400, "BadDigest", true), (200, "InternalError", true), (501, "NotImplemented", false), (507, "", false),
        (403, "AccessDenied", false), (404, "NoSuchKey", false), (412, "PreconditionFailed", false), (400, "", false),
        (409, "BucketAlreadyExists", false), (301, "PermanentRedirect", false),
    ])
    func `what may pass is told from what will not`(status: Int, code: String, isPassing: Bool) {
        #expect(S3Failure(status: status, code: code).isPassing == isPassing)
    }

    @Test(arguments: [
        (507, "", "", true), (403, "QuotaExceeded", "", true), (507, "XMinioStorageFull", "", true),
        (403, "AccessDenied", "Cannot upload files, storage cap exceeded.", true), (403, "AccessDenied", "No.", false),
        (500, "InternalError", "", false),
    ])
    func `an exhausted quota is told from a missing right`(status: Int, code: String, message: String, isFull: Bool) {
        #expect(S3Failure(status: status, code: code, message: message).isOutOfSpace == isFull)
    }
}
