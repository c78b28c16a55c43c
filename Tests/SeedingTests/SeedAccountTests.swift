import Diagnostics
import PostgresClient
import PostgresTesting
import Testing

@testable import Seeding

@Suite("Seeded accounts", .tags(.server))
struct SeedAccountTests {
    @Test(.appDatabase) func `every account is found and let in as the auth server does it`() async throws {
        _ = try await SeedBench().apply(1)
        let session = try await ScratchDatabase.current.session()
        let names = try await session.texts("select email from auth.users order by email")
        #expect(names.count == 25)
        for email in names {
            // findUser, and what a password grant checks after it.
            let found = try await session.query(
                """
                select u.id::text,
                  (extensions.crypt('correct horse 42', u.encrypted_password) = u.encrypted_password)::text as matches,
                  (u.confirmed_at is not null)::text as confirmed,
                  (u.banned_until is null or u.banned_until < now())::text as may_enter
                from auth.users u
                where u.instance_id = '00000000-0000-0000-0000-000000000000' and lower(u.email) = \(email)
                  and u.aud = 'authenticated' and u.is_sso_user = false
                """)
            let row = try #require(found.first, "\(email)")
            #expect(found.count == 1 && row[1] == "true" && row[2] == "true", "\(email)")
            #expect(row[3] == (email == AuthUsers.email(of: Cast.banned) ? "false" : "true"), "\(email)")
            let identity = try await session.query(
                """
                select identity_data ->> 'sub', email, provider from auth.identities
                where user_id = \(row[0] ?? "")::uuid and provider_id = \(row[0] ?? "")
                """)
            #expect(identity.count == 1 && identity.first?[0] == row[0])
            #expect(identity.first?[1] == email && identity.first?[2] == "email")
        }
        // Columns that the auth server scans into strings.
        let unscannable = try await session.text(
            """
            select count(*)::text from auth.users where confirmation_token is null or recovery_token is null
              or email_change_token_new is null or email_change is null or email_change_token_current is null
              or phone_change is null or phone_change_token is null or reauthentication_token is null
              or role <> 'authenticated' or raw_app_meta_data ->> 'provider' <> 'email'
            """)
        #expect(unscannable == "0")
        #expect(try await session.text("select count(distinct encrypted_password)::text from auth.users") == "1")
        #expect(try await session.text("select left(min(encrypted_password), 7) from auth.users") == "$2a$10$")
        #expect(
            try await session.text("select count(*)::text from public.profiles") == "25",
            "the trigger made no second ones")
    }

    @Test(.appDatabase) func `the same password gives the same hash, another one changes only accounts`() async throws {
        let bench = try SeedBench()
        let session = try await ScratchDatabase.current.session()
        _ = try await bench.apply(1)
        let hash = try await session.text("select min(encrypted_password) from auth.users")
        let other = try await bench.apply(1) { $0.password = "another one" }
        #expect(other.updated == 25 && other.password == .given)
        #expect(try await session.text("select min(encrypted_password) from auth.users") != hash)
        _ = try await bench.apply(1)
        #expect(try await session.text("select min(encrypted_password) from auth.users") == hash)
    }

    @Test(.appDatabase) func `without a password one is made, shown once and kept`() async throws {
        let bench = try SeedBench()
        let session = try await ScratchDatabase.current.session()
        let first = try await bench.apply(1) { $0.password = nil }
        guard case .generated(let password) = first.password else {
            Issue.record("\(first.password)")
            return
        }
        #expect(password.count == 20)
        let matches =
            "select (extensions.crypt('\(password)', min(encrypted_password)) = min(encrypted_password))::text from auth.users"
        #expect(try await session.text(matches) == "true")
        let grown = try await bench.apply(2) { $0.password = nil }
        #expect(grown.password == .kept && grown.updated == 0)
        #expect(try await session.text("select count(distinct encrypted_password)::text from auth.users") == "1")
    }

    @Test(.appDatabase, arguments: ["short", String(repeating: "x", count: 73)])
    func `a password that no sign-in would take is refused`(password: String) async throws {
        let error = try await SeedBench().failure { $0.password = password }
        #expect(error.code == "seed.password" && error.failureClass == .usage)
        #expect(!error.description.contains(password))
    }

    @Test(.appDatabase) func `an older auth schema without newer columns is seeded all the same`() async throws {
        let admin = try await ScratchDatabase.current.superuserSession()
        try await admin.executeScript(
            "alter table auth.users drop column is_anonymous; alter table auth.users drop column reauthentication_token"
        )
        let report = try await SeedBench().apply(1)
        #expect(report.inserted > 5_000)
        #expect(try await SeedBench().apply(1).unchanged == report.inserted)
    }

    @Test(.appDatabase) func `without pgcrypto nothing is written, and the remedy names it`() async throws {
        let admin = try await ScratchDatabase.current.superuserSession()
        try await admin.executeScript("drop extension pgcrypto cascade")
        let error = try await SeedBench().failure()
        #expect(error.code == "seed.no-pgcrypto")
        #expect(error.remedy?.sentence.contains("create extension pgcrypto") == true)
        #expect(try await admin.text("select count(*)::text from auth.users") == "0")
    }
}
