import Foundation
import ObjectStoreTesting
import Testing

@testable import ArchiveRepository

/// A store to try, and how to get at it.
struct StoreUnderTest: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Makes a new, empty store; the folder, where it has one, is removed with the object.
    let make: @Sendable () async throws -> (store: any BlobStore, folder: ScratchFolder?)

    /// Every store; those on S3 where SeaweedFS is installed, and in CI always.
    static let all = onThisMachine + (ObjectStore.isExpected ? onS3 : [])

    private static let onThisMachine = [
        StoreUnderTest(testDescription: "memory") { (MemoryBlobStore(), nil) },
        StoreUnderTest(testDescription: "folder") {
            let folder = ScratchFolder()
            return (LocalBlobStore(path: folder.path + "/store"), folder)
        },
        StoreUnderTest(testDescription: "folder with blanks and umlauts") {
            let folder = ScratchFolder()
            return (LocalBlobStore(path: folder.path + "/ein Größe-Ordner 🚐 'x' \"y\"/tief/"), folder)
        },
    ]

    private static let onS3 = [
        s3("bucket", .plain, prefix: ""), s3("prefix in a bucket", .plain, prefix: "app/prod"),
        s3("bucket with versions", .versioned, prefix: "app"), s3("bucket with object lock", .locked, prefix: "app"),
    ]

    private static func s3(_ name: String, _ kind: ObjectStore.BucketKind, prefix: String) -> StoreUnderTest {
        StoreUnderTest(testDescription: name) {
            let server = try await ObjectStore.shared()
            let place = server.location(bucket: try server.makeBucket(kind), prefix: prefix)
            return (try BlobStores.open(location: place, environment: server.environment), nil)
        }
    }
}

/// A folder of one test, removed with it.
final class ScratchFolder: Sendable {
    let path: String

    init() {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("wheels-store-\(UUID().uuidString)").path
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")[.posixPermissions] as? Int
    }
}
