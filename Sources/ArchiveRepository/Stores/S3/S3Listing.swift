import Foundation
import HTTPClient

/// A page of a list of objects.
struct S3Listing: Sendable {
    private(set) var entries: [BlobEntry] = []
    /// How many keys the page has, foreign ones too.
    private(set) var keys = 0
    /// What to ask for the next page with; `nil` on the last.
    private(set) var next: String?

    /// Reads a page.
    ///
    /// - Parameters:
    ///   - answer: What the store answered.
    ///   - location: Whose prefix is taken off; keys that no store of ours wrote are left out.
    /// - Throws: ``S3Failure`` when the answer is no page of a list.
    init(_ answer: S3Answer, location: S3Location) throws {
        guard let document = S3Document(answer.body), document.name == "ListBucketResult" else {
            throw S3Failure(status: answer.response.status, code: "NoList")
        }
        let base = location.prefix.isEmpty ? "" : "\(location.prefix)/"
        let isEncoded = document["EncodingType"] == "url"
        for item in document.all("Contents") {
            keys += 1
            guard let text = item["Key"], let size = item["Size"].flatMap({ Int($0) }) else {
                throw S3Failure(status: answer.response.status, code: "NoList")
            }
            let key = isEncoded ? text.replacing("+", with: " ").removingPercentEncoding ?? text : text
            guard key.hasPrefix(base), let name = BlobName(String(key.dropFirst(base.count))) else { continue }
            entries.append(
                BlobEntry(name: name, size: size, modified: item["LastModified"].flatMap { S3Listing.date($0) }))
        }
        guard document["IsTruncated"] == "true" else { return }
        guard let token = document["NextContinuationToken"], !token.isEmpty else {
            throw S3Failure(status: answer.response.status, code: "NoContinuationToken")
        }
        next = token
    }

    /// A moment such as `2026-11-27T00:37:35.000Z`.
    static func date(_ text: String) -> Date? {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains("."))
        return try? style.parse(text)
    }
}

/// An upload in parts that somebody began.
struct S3UnfinishedUpload: Sendable, Equatable {
    let key: String
    let id: String
    let begun: Date

    /// Reads a page of a list of uploads, and where the next page begins.
    static func page(_ body: [UInt8]) -> (uploads: [S3UnfinishedUpload], next: (key: String, id: String)?) {
        guard let document = S3Document(body), document.name == "ListMultipartUploadsResult" else { return ([], nil) }
        let uploads = document.all("Upload").compactMap { upload -> S3UnfinishedUpload? in
            guard let key = upload["Key"], let id = upload["UploadId"],
                let begun = upload["Initiated"].flatMap({ S3Listing.date($0) })
            else { return nil }
            return S3UnfinishedUpload(key: key, id: id, begun: begun)
        }
        guard document["IsTruncated"] == "true", let key = document["NextKeyMarker"], !key.isEmpty else {
            return (uploads, nil)
        }
        return (uploads, (key, document["NextUploadIdMarker"] ?? ""))
    }
}
