import Foundation
import HTTPClient

/// An answer of S3 that says it did not work.
struct S3Failure: Error, Sendable {
    /// The status; 200 for the failures that come late in an answer that began well.
    let status: Int
    /// S3's own name for the failure, such as `NoSuchKey`; empty where the answer had no words.
    let code: String
    /// S3's own sentence.
    let message: String
    /// Where the bucket is, when that was the reason.
    let region: String?
    /// The pause that the store asks for.
    let pause: Duration?

    init(status: Int, code: String, message: String = "", region: String? = nil, pause: Duration? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.region = region
        self.pause = pause
    }

    /// The code for a service that speaks TLS and was asked in plain text: what such services answer is no document.
    static let speaksTLS = "SpeaksTLS"

    /// Reads the answer's words.
    init(_ response: HTTPResponse, body: [UInt8]) {
        let words = String(decoding: body.prefix(1_024), as: UTF8.self).lowercased()
        if response.status == 400, words.contains("http request"), words.contains("https") {
            self.init(status: response.status, code: Self.speaksTLS)
            return
        }
        let document = S3Document(body).flatMap { $0.name == "Error" ? $0 : $0.child("Error") }
        self.init(
            status: response.status,
            code: document?["Code"] ?? "",
            message: document?["Message"] ?? "",
            region: response["x-amz-bucket-region"] ?? document?["Region"],
            pause: response["retry-after"].flatMap { Int($0) }.map { .seconds(max(0, min($0, 3_600))) }
        )
    }

    /// Whether the same request may succeed a moment later.
    var isPassing: Bool {
        switch code {
        case "SlowDown", "InternalError", "ServiceUnavailable", "RequestTimeout", "OperationAborted",
            "ConditionalRequestConflict", "BadDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch",
            "IncompleteBody", "TooManyRequests", "ThrottlingException", "Throttling":
            return true
        case "NotImplemented", "XMinioStorageFull":
            return false
        default:
            return [408, 429, 500, 502, 503, 504].contains(status)
        }
    }

    /// Whether the store may have done what was asked although it says it failed.
    var mayHaveArrived: Bool { status >= 500 || code == "InternalError" }

    /// Whether the name was taken.
    var isTaken: Bool { status == 412 || code == "PreconditionFailed" }

    /// Whether the store does not know a header field that was sent.
    var isNotImplemented: Bool { status == 501 || code == "NotImplemented" }

    /// Whether a quota or a disk is exhausted.
    var isOutOfSpace: Bool {
        status == 507 || ["QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded"].contains(code)
            || status == 403 && (message.contains("cap exceeded") || message.lowercased().contains("quota"))
    }
}

/// Whether a failure of an exchange or of S3 is worth another attempt, and what to know for it.
struct S3Trouble {
    let isPassing: Bool
    let mayHaveArrived: Bool
    let pause: Duration?

    init(_ error: any Error) {
        switch error {
        case let error as HTTPError:
            (isPassing, mayHaveArrived, pause) = (error.isPassing, error.mayHaveArrived, nil)
        case let error as S3Failure:
            (isPassing, mayHaveArrived, pause) = (error.isPassing, error.mayHaveArrived, error.pause)
        default:
            (isPassing, mayHaveArrived, pause) = (false, false, nil)
        }
    }
}
