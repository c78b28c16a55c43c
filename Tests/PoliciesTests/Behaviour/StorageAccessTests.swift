import PostgresTesting
import Testing

extension PolicyBehaviour {
    @Suite("A user who wants other people's files")
    struct StorageAccessTests {
        static let buckets = [
            "profile-images", "avatars", "trip-images", "receipts", "medical-documents", "user-knowledge",
            "qa-screenshots",
        ]

        private static func upload(to bucket: String, _ path: String) -> String {
            "insert into storage.objects (bucket_id, name) values ('\(bucket)', '\(path)')"
        }

        @Test(arguments: buckets)
        func `writes into their own folder of a bucket and no other`(bucket: String) async throws {
            let own = Person.b.id ?? ""
            let foreign = [
                "\(Person.a.id ?? "")/x.jpg", "x.jpg", "/x.jpg", "/\(own)/x.jpg", "\(own)", "public/\(own)/x.jpg",
                "\(own.uppercased())/x.jpg", "\(own)x/x.jpg", "../\(own)/x.jpg",
            ]
            try await PolicyWorld.requests { api in
                for path in foreign {
                    try await api.expect(.refusedByPolicy, as: .b, Self.upload(to: bucket, path))
                }
                try await api.expect(.rows(1), as: .b, Self.upload(to: bucket, "\(own)/trip/x.jpg"))
                try await api.expect(.refusedByPolicy, as: .anon, Self.upload(to: bucket, "\(own)/x.jpg"))
            }
        }

        @Test func `reads, replaces, moves and deletes no file of another folder`() async throws {
            let path = "name like '\(Person.a.id ?? "")/%'"
            try await PolicyWorld.requests { api in
                for person in [Person.anon, .b, .guest, .admin] {
                    try await api.expect(.rows(0), as: person, "select id from storage.objects where \(path)")
                    let change = "update storage.objects set metadata = '{}' where \(path)"
                    try await api.expect(.rows(0), as: person, change)
                    try await api.expect(.rows(0), as: person, "delete from storage.objects where \(path)")
                }
                let moved =
                    "update storage.objects set name = '\(Person.a.id ?? "")/y.jpg' where bucket_id = 'receipts'"
                try await api.expect(.refusedByPolicy, as: .b, moved)
                let upsert = """
                    \(Self.upload(to: "receipts", "\(Person.a.id ?? "")/fuel.jpg"))
                    on conflict (bucket_id, name) do update set metadata = '{}'
                    """
                try await api.expect(.refusedByPolicy, as: .b, upsert)
                try await api.expect(.rows(1), as: .a, upsert)
            }
        }

        @Test func `lists no public bucket`() async throws {
            let query = "select name from storage.objects where bucket_id = 'avatars'"
            try await PolicyWorld.requests { api in
                try await api.expect(.rows(0), as: [.anon, .b], query)
                try await api.expect(.rows(1), as: .a, query)
            }
        }

        @Test func `uses no bucket that no policy names, and opens none`() async throws {
            let bucket = "insert into storage.buckets (id, name) values ('backups', 'backups')"
            try await PolicyWorld.requests { api in
                let upload = Self.upload(to: "backups", "\(Person.b.id ?? "")/x.jpg")
                try await api.expect(.refusedByPolicy, as: .b, after: bucket, upload)
                for person in [Person.anon, .b, .admin] {
                    try await api.expect(.refusedByPolicy, as: person, bucket)
                    try await api.expect(.rows(0), as: person, "update storage.buckets set public = true")
                    try await api.expect(.rows(0), as: person, "delete from storage.buckets")
                    try await api.expect(.rows(0), as: person, "select id from storage.buckets")
                }
            }
        }

        @Test func `finds only pictures meant for everybody in public buckets`() async throws {
            try await PolicyWorld.requests { api in
                let open = "select id from storage.buckets where public order by id"
                let all = "select id from storage.buckets order by id"
                try await api.expect(seen: ["avatars", "profile-images", "trip-images"], as: .service, open)
                try await api.expect(seen: Self.buckets.sorted(), as: .service, all)
            }
        }
    }
}
