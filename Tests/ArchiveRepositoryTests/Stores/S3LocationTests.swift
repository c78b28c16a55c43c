import Diagnostics
import Testing

@testable import ArchiveRepository

private func location(_ text: String, _ environment: [String: String] = [:]) throws -> S3Location {
    try S3Location(text, defaults: AWSVariables(environment: environment))
}

@Suite("Places on S3")
struct S3LocationTests {
    @Test func `a bucket of Amazon stands before the host`() throws {
        let place = try location("s3://app-backups/prod/db?region=eu-central-1")
        #expect(place.bucket == "app-backups" && place.prefix == "prod/db" && place.region == "eu-central-1")
        #expect(place.host == "app-backups.s3.eu-central-1.amazonaws.com" && place.scheme == "https")
        #expect(place.path(of: place.key(of: "a/b")) == "/prod/db/a/b" && place.path(of: nil) == "/")
        #expect(place.description == "s3://app-backups/prod/db?region=eu-central-1")
    }

    @Test func `a bucket with dots, or one that asks for it, stands in the path`() throws {
        let dots = try location("s3://app.backups?region=eu-central-1")
        #expect(dots.host == "s3.eu-central-1.amazonaws.com" && dots.path(of: "k") == "/app.backups/k")
        #expect(dots.path(of: nil) == "/app.backups" && dots.key(of: "k") == "k")
        let asked = try location("s3://app/p?region=cn-north-1&path-style=true")
        #expect(asked.host == "s3.cn-north-1.amazonaws.com.cn" && asked.path(of: "p/k") == "/app/p/k")
    }

    @Test func `an endpoint is another service, with the bucket in the path unless told otherwise`() throws {
        let minio = try location("s3://app/p/?endpoint=http://localhost:9000")
        #expect(minio.scheme == "http" && minio.host == "localhost:9000" && minio.region == "us-east-1")
        #expect(minio.path(of: "p/k") == "/app/p/k" && minio.prefix == "p")
        let below = try location("s3://app?endpoint=https%3A%2F%2Fx.example%2Fstorage%2Fv1%2Fs3%2F&region=auto")
        #expect(below.host == "x.example" && below.path(of: "k") == "/storage/v1/s3/app/k" && below.region == "auto")
        let before = try location("s3://app?endpoint=x.example:443&path-style=false")
        #expect(before.host == "app.x.example" && before.path(of: nil) == "/")
        #expect(try location("s3://app?endpoint=http://x.example:80").host == "x.example")
    }

    @Test func `variables fill in what the place leaves out`() throws {
        let both = ["AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "us-west-2"]
        #expect(try location("s3://app", both).region == "eu-west-1")
        #expect(try location("s3://app", ["AWS_DEFAULT_REGION": "us-west-2"]).region == "us-west-2")
        #expect(try location("s3://app?region=here", both).region == "here")
        let endpoints = ["AWS_ENDPOINT_URL": "https://a.example", "AWS_ENDPOINT_URL_S3": "https://b.example"]
        #expect(try location("s3://app", endpoints).host == "b.example")
        #expect(try location("s3://app", ["AWS_ENDPOINT_URL": "https://a.example"]).host == "a.example")
        #expect(try location("s3://app?endpoint=https://c.example", endpoints).host == "c.example")
    }

    @Test(arguments: [
        "s3://", "s3:///p", "s3://ab", "s3://UPPER", "s3://under_score", "s3://a..b", "s3://-ab", "s3://ab-",
        "s3://bucket/a b", "s3://bucket/../x", "s3://bucket/.hidden", "s3://bucket//x", "s3://bucket/ü",
        "s3://bucket?region", "s3://bucket?region=", "s3://bucket?regoin=x", "s3://bucket?path-style=yes",
        "s3://bucket?endpoint=ftp://x", "s3://bucket?endpoint=https://", "s3://bucket?endpoint=https://a%20b",
        "s3://bucket?endpoint=https://x/?a=b", "s3://bucket?endpoint=https://x&region=a/b",
        "s3://bucket?endpoint=https://x/a%20b",
    ])
    func `what makes no sense is a usage error that names the place`(text: String) throws {
        let error = try #require(throws: RepositoryError.self) { try location(text, ["AWS_REGION": "x"]) }
        #expect(error.failureClass == .usage && error.summary.contains(text) && error.remedy != nil)
    }

    @Test(arguments: [
        "s3://KEY:hunter2@bucket/p", "s3://bucket/p?endpoint=https://KEY:hunter2@x.example",
    ])
    func `credentials in a place are refused and not repeated`(text: String) throws {
        let error = try #require(throws: RepositoryError.self) { try location(text, ["AWS_REGION": "x"]) }
        #expect(error.failureClass == .usage && !error.description.contains("hunter2"))
        #expect(error.summary.contains("credentials do not belong"))
    }

    @Test func `without a region Amazon cannot be asked, and the error says where to put it`() throws {
        let error = try #require(throws: RepositoryError.self) { try location("s3://bucket/p") }
        #expect(error.code == "repository.no-region" && error.failureClass == .usage)
        #expect(error.remedy?.sentence.contains("AWS_REGION") == true)
    }
}

@Suite("Opening stores")
struct BlobStoresTests {
    private let keys = ["AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "b", "AWS_REGION": "x"]

    @Test(arguments: [
        ("dir", "dir"), ("./a/b/", "./a/b"), ("/", "/"), ("/a b/ü", "/a b/ü"), ("file:///a/b", "/a/b"),
        ("a:b", "a:b"), ("x/y://z", "x/y://z"),
    ])
    func `a path is a folder`(text: String, path: String) throws {
        let store = try BlobStores.open(location: text, environment: [:])
        #expect(store is LocalBlobStore && store.location == path)
    }

    @Test func `an s3 address is a bucket`() throws {
        let store = try BlobStores.open(location: "s3://bucket/p", environment: keys)
        #expect(store is S3BlobStore && store.location == "s3://bucket/p")
    }

    @Test(arguments: ["", "file://host/a", "http://x/y", "s4://bucket", "s3://b"])
    func `everything else is a usage error`(text: String) throws {
        let error = try #require(throws: RepositoryError.self) {
            _ = try BlobStores.open(location: text, environment: keys)
        }
        #expect(error.failureClass == .usage && error.remedy != nil)
    }

    @Test func `without credentials it is a matter of permission`() throws {
        let error = try #require(throws: RepositoryError.self) {
            _ = try BlobStores.open(location: "s3://bucket?region=x", environment: [:])
        }
        #expect(error.failureClass == .permission && error.remedy?.sentence.contains("AWS_ACCESS_KEY_ID") == true)
    }
}
