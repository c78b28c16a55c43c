import Diagnostics
import Foundation
import ObjectStoreTesting
import SealedStreams
import Testing

@testable import ArchiveRepository

private let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }

/// Puts that meet with a fault on their way to a real store.
@Suite("S3: faults while an object is stored", .requiresObjectStore)
struct S3PutFaultTests {
    @Test(arguments: [
        Fault.failure(503, "SlowDown"), .failure(500, "InternalError"), .failure(502), .failure(504), .failure(429),
        .failure(409, "ConditionalRequestConflict"), .failure(400, "RequestTimeout"), .failure(400, "BadDigest"),
        .breakRequest, .silence,
    ])
    func `a fault that passes is followed by another attempt`(fault: Fault) async throws {
        let test = try await S3Fixture { $0.number < 2 ? fault : .none }
        try test.store.put(content, as: "a")
        #expect(try test.direct.bytes(of: "a") == content)
        #expect(test.calls.first == "PUT p/a" && test.calls.filter { $0 == "PUT p/a" }.count >= 2)
        #expect(test.clock.pauses.first == .milliseconds(200))
    }

    @Test func `a server's wish for a pause is heeded`() async throws {
        let test = try await S3Fixture {
            $0.number == 0 ? .failure(503, "SlowDown", fields: ["Retry-After: 3"]) : .none
        }
        try test.store.put(content, as: "a")
        #expect(test.clock.pauses == [.seconds(3)] && test.calls == ["PUT p/a", "PUT p/a"])
    }

    @Test func `an overloaded store is unreachable after a minute, and nothing is visible`() async throws {
        let test = try await S3Fixture { _ in .failure(503, "SlowDown") }
        let error = try repositoryError { try test.store.put(content, as: "a") }
        #expect(error.failureClass == .unreachable && error.code == "store.unavailable")
        #expect(error.summary.contains("store a") && error.summary.contains("503 SlowDown"))
        #expect(test.clock.pauses.reduce(.zero, +) < .seconds(60) && test.clock.pauses.count > 8)
        #expect(try test.direct.list("").isEmpty)
    }

    @Test func `a put whose answer was lost succeeds, and the object is there once`() async throws {
        let test = try await S3Fixture(.versioned) { $0.number == 0 ? .loseAnswer : .none }
        try test.store.put(content, as: "a")
        #expect(test.calls == ["PUT p/a", "PUT p/a", "HEAD p/a"])
        #expect(try test.direct.bytes(of: "a") == content)
    }

    @Test func `a put whose answer was lost does not take the object of another for its own`() async throws {
        let test = try await S3Fixture { $0.number == 0 ? .breakRequest : .none }
        try test.direct.put(content, as: "a")
        let error = try repositoryError { try test.store.put(content, as: "a") }
        #expect(error.failureClass == .refused && error.code == "repository.object-exists")
        #expect(test.calls == ["PUT p/a", "PUT p/a", "HEAD p/a"])
    }

    @Test func `a name that is taken is refused at the first answer`() async throws {
        let test = try await S3Fixture { _ in .none }
        try test.direct.put([1], as: "a")
        #expect(try repositoryError { try test.store.put([2], as: "a") }.failureClass == .refused)
        #expect(test.calls == ["PUT p/a"] && test.clock.pauses.isEmpty)
        #expect(try test.direct.bytes(of: "a") == [1])
    }

    @Test(arguments: [
        (Fault.failure(507), FailureClass.outOfSpace, "store.out-of-space"),
        (.failure(403, "QuotaExceeded"), .outOfSpace, "store.out-of-space"),
        (.failure(403, "AccessDenied"), .permission, "store.permission"),
        (.failure(403), .permission, "store.permission"),
        (.failure(403, "InvalidAccessKeyId"), .permission, "store.access-key"),
        (.failure(403, "SignatureDoesNotMatch"), .permission, "store.secret-key"),
        (.failure(403, "RequestTimeTooSkewed"), .permission, "store.clock"),
        (.failure(400, "ExpiredToken"), .permission, "store.session"),
        (.failure(404, "NoSuchBucket"), .notFound, "store.no-bucket"),
        (.failure(301, "PermanentRedirect", fields: ["x-amz-bucket-region: eu-west-3"]), .usage, "store.region"),
        (.failure(404, "NoSuchUpload"), .failure, "store.upload-gone"),
        (.failure(400, "InvalidRequest"), .failure, "store.failed"),
    ])
    func `a fault that will not pass ends the put at once`(fault: Fault, kind: FailureClass, code: String) async throws
    {
        let test = try await S3Fixture { _ in fault }
        let error = try repositoryError { try test.store.put(content, as: "a") }
        #expect(error.failureClass == kind && error.code == code)
        #expect(kind == .failure || error.remedy != nil)
        #expect(test.calls == ["PUT p/a"] && test.clock.pauses.isEmpty)
        for secret in [ObjectStore.key.id, ObjectStore.key.secret] { #expect(!error.description.contains(secret)) }
        if code == "store.region" { #expect(error.description.contains("region=eu-west-3")) }
        #expect(try test.direct.list("").isEmpty)
    }

    @Test func `a store that answers but stores nothing is probably full`() async throws {
        let test = try await S3Fixture { $0.method == "PUT" ? .failure(500, "InternalError") : .none }
        let error = try repositoryError { try test.store.put(content, as: "a") }
        #expect(error.failureClass == .outOfSpace && error.summary.contains("probably full"))
        #expect(test.clock.pauses.count > 8)
    }
}

/// Reads that meet with a fault on their way from a real store.
@Suite("S3: faults while an object is read", .requiresObjectStore)
struct S3GetFaultTests {
    @Test(arguments: [Fault.breakAnswer(after: 100_000), .cutAnswer(after: 100_000)])
    func `a read goes on at the byte it reached, of the same object`(fault: Fault) async throws {
        let test = try await S3Fixture { $0.number < 2 ? fault : .none }
        try test.direct.put(content, as: "a")
        #expect(try test.store.bytes(of: "a") == content)
        let requests = test.proxy.requests
        #expect(requests.count == 3 && requests[0].fields["range"] == "bytes=0-8388607")
        let begins = requests.compactMap { $0.fields["range"]?.split { "=-".contains($0) }[1] }.compactMap { Int($0) }
        #expect(begins == begins.sorted() && begins[2] <= 200_000)
        if case .cutAnswer = fault { #expect(begins == [0, 100_000, 200_000]) }
        #expect(requests[2].fields["if-match"]?.isEmpty == false)
    }

    @Test func `a range is resumed inside itself`() async throws {
        let test = try await S3Fixture { $0.number == 0 ? .cutAnswer(after: 10) : .none }
        try test.direct.put(content, as: "a")
        var source = try test.store.get("a", range: 1_000..<2_000)
        var buffer = ReusableBuffer(capacity: 0)
        while try source.read(upTo: 300, into: &buffer) > 0 {}
        #expect(buffer.array == Array(content[1_000..<2_000]))
        #expect(test.proxy.requests.map { $0.fields["range"] } == ["bytes=1000-1999", "bytes=1010-1999"])
    }

    @Test func `a read that never gets on ends, and says so`() async throws {
        let test = try await S3Fixture { $0.number == 0 ? .cutAnswer(after: 1_000) : .breakRequest }
        try test.direct.put(content, as: "a")
        let error = try repositoryError { _ = try test.store.bytes(of: "a") }
        #expect(error.failureClass == .unreachable && error.summary.contains("read a"))
        #expect(test.clock.pauses.reduce(.zero, +) < .seconds(61))
    }

    @Test func `an object that is replaced while it is read is corrupt`() async throws {
        let bucketOf = Box()
        let test = try await S3Fixture { request in
            guard request.number == 1 else { return .cutAnswer(after: 1_000) }
            bucketOf.replace?()
            return .none
        }
        try test.direct.put(content, as: "a")
        let direct = test.direct
        bucketOf.replace = {
            try? direct.delete("a")
            try? direct.put(content.reversed(), as: "a")
        }
        #expect(try repositoryError { _ = try test.store.bytes(of: "a") }.failureClass == .corrupt)
    }

    @Test(arguments: [Fault.failure(503, "SlowDown"), .failure(500), .breakRequest, .loseAnswer, .silence])
    func `questions are repeated`(fault: Fault) async throws {
        let test = try await S3Fixture { $0.number.isMultiple(of: 2) ? fault : .none }
        try test.direct.put(content, as: "a")
        #expect(try test.store.size(of: "a") == content.count)
        #expect(try test.store.list("").map(\.size) == [content.count])
        #expect(abs(try test.store.now().timeIntervalSinceNow) < 60)
        #expect(try test.store.bytes(of: "a") == content)
        #expect(test.calls.count == 8 && test.clock.pauses.count == 4)
    }

    @Test func `a delete whose answer was lost has deleted`() async throws {
        let test = try await S3Fixture { $0.number == 1 ? .loseAnswer : .none }
        try test.direct.put(content, as: "a")
        try test.store.delete("a")
        #expect(test.calls == ["HEAD p/a", "DELETE p/a", "DELETE p/a"])
        #expect(try test.direct.list("").isEmpty)
    }

    @Test(arguments: ["not XML", "<Error><Code>X</Code></Error>", "<ListBucketResult><Contents/></ListBucketResult>"])
    func `a list that is none is an error, not an empty list`(body: String) async throws {
        let test = try await S3Fixture { _ in .answer(200, body: Array(body.utf8)) }
        #expect(try repositoryError { _ = try test.store.list("") }.code == "store.failed")
    }

    @Test func `a list that repeats its page ends`() async throws {
        let page = """
            <ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>\
            </ListBucketResult>
            """
        let test = try await S3Fixture { _ in .answer(200, body: Array(page.utf8)) }
        #expect(try repositoryError { _ = try test.store.list("") }.failureClass == .corrupt)
        #expect(test.calls.count == 2)
    }

    @Test func `an error's words are asked for when HEAD has none`() async throws {
        let test = try await S3Fixture { .failure(403, $0.method == "HEAD" ? "" : "SignatureDoesNotMatch") }
        #expect(try repositoryError { _ = try test.store.size(of: "a") }.code == "store.secret-key")
        #expect(test.calls == ["HEAD p/a", "GET p/a"])
    }
}

/// Lets a proxy do something that is known only after it was made.
private final class Box: @unchecked Sendable {
    // `@unchecked`: it is set before the first request and read by the proxy afterwards.
    var replace: (@Sendable () -> Void)?
}

/// Addresses with the wrong scheme, which no patience heals.
@Suite("S3: the other scheme", .requiresObjectStore)
struct S3SchemeTests {
    @Test(arguments: ["https://", ""]) func `a service without TLS is asked by http`(scheme: String) async throws {
        let server = try await ObjectStore.shared()
        let clock = PausingClock()
        let store = try S3Fixture.store(
            "s3://bucket/p?endpoint=\(scheme)127.0.0.1:\(server.port)", server.environment,
            retry: clock.policy(.seconds(60)))
        let error = try repositoryError { _ = try store.list("") }
        #expect(error.failureClass == .usage && clock.pauses.isEmpty)
        #expect(error.remedy?.sentence.contains("http://127.0.0.1:\(server.port)") == true, "\(error)")
    }

    @Test func `a service with TLS is asked by https`() async throws {
        let words = "Client sent an HTTP request to an HTTPS server."
        for fault in [Fault.answer(400, body: Array(words.utf8)), .answer([21, 3, 1, 0, 2, 2, 70])] {
            let test = try await S3Fixture { _ in fault }
            for question in [{ _ = try test.store.list("") }, { _ = try test.store.size(of: "a") }] {
                let error = try repositoryError(question)
                #expect(error.failureClass == .usage, "\(fault): \(error)")
                #expect(error.remedy?.sentence.contains("https://127.0.0.1:\(test.proxy.port)") == true, "\(error)")
            }
            #expect(test.clock.pauses.isEmpty)
        }
    }
}
