import Policies
import PostgresClient
import PostgresTesting
import PostgresTypes
import Testing

/// The matrix says it from plans; here rows are really read and written, as two tenants and as nobody.
@Suite("Matrix and behaviour agree", .tags(.server))
struct MatrixBehaviourTests {
    private let alice = "00000000-0000-4000-8000-00000000a11c"
    private let bob = "00000000-0000-4000-8000-000000000b0b"

    @Test(.appDatabase) func `cells of the app's tables are what two tenants and anon meet`() async throws {
        let owner = try await AppPolicies.session()
        try await ScratchDatabase.current.superuserSession().executeScript(
            """
            insert into auth.users (id, email) values ('\(alice)', 'alice@example.com'), ('\(bob)', 'bob@example.com');
            """)
        try await owner.executeScript(
            """
            insert into public.income_entries (user_id, amount, source) values ('\(alice)', 1, 'a'), ('\(bob)', 2, 'b');
            insert into public.user_trips (user_id, title, privacy_level)
              values ('\(alice)', 'a', 'private'), ('\(bob)', 'b', 'private'), ('\(bob)', 'c', 'public');
            insert into public.camping_locations (name, type, latitude, longitude) values ('one', 'free', 1, 1);
            """)
        let matrix = try await AccessMatrix.read(in: owner)
        func cell(_ table: String, _ role: String, _ command: AccessCommand) -> String {
            matrix["public.\(table)", role, command]?.text ?? "?"
        }
        // OWN: one's own row of two; the other's is neither changed nor removed, and none is written for them.
        #expect(cell("income_entries", "authenticated", .select) == "OWN")
        #expect(try await count("public.income_entries", as: alice) == "1")
        #expect(cell("income_entries", "authenticated", .update) == "OWN")
        #expect(
            try await touched("update public.income_entries set amount = 9 where user_id = '\(bob)'", as: alice)
                == .rows(0))
        #expect(
            try await touched("update public.income_entries set amount = 9 where amount > 0", as: alice) == .rows(1))
        #expect(try await touched("delete from public.income_entries where amount > 0", as: bob) == .rows(1))
        #expect(cell("income_entries", "authenticated", .insert) == "OWN")
        let insert = "insert into public.income_entries (user_id, amount, source) values"
        #expect(try await touched("\(insert) ('\(bob)', 3, 'c')", as: alice) == .refused("42501"))
        #expect(try await touched("\(insert) ('\(alice)', 3, 'c')", as: alice) == .rows(1))
        // COND: one's own and public ones.
        #expect(cell("user_trips", "authenticated", .select) == "COND")
        #expect(try await count("public.user_trips", as: alice) == "2")
        #expect(try await count("public.user_trips", as: bob) == "2")
        // OPEN: all.
        #expect(cell("camping_locations", "authenticated", .select) == "OPEN")
        #expect(try await count("public.camping_locations", as: alice) == "1")
        // COND for writing: administrators only.
        #expect(cell("camping_locations", "authenticated", .delete) == "COND")
        #expect(try await touched("delete from public.camping_locations where name = 'one'", as: alice) == .rows(0))
        // DENY(grant): refused, whoever asks.
        for table in ["income_entries", "user_trips", "camping_locations"] {
            #expect(cell(table, "anon", .select) == "DENY(grant)")
            #expect(try await touched("select 1 from public.\(table)", as: nil) == .refused("42501"))
            #expect(cell(table, "authenticated", .truncate) == "DENY(grant)")
            #expect(try await touched("truncate public.\(table)", as: alice) == .refused("42501"))
        }
        // A star: the other columns are refused.
        #expect(cell("profiles", "authenticated", .update).hasPrefix("COND*"))
        #expect(
            try await touched("update public.profiles set role = 'admin' where id = '\(alice)'", as: alice)
                == .refused("42501"))
        // DENY(rls): no row and no error.
        #expect(matrix["storage.buckets", "authenticated", .select]?.text == "DENY(rls)")
        #expect(try await count("storage.buckets", as: alice) == "0")
    }

    private enum Outcome: Equatable {
        case rows(Int)
        case refused(String)
    }

    private func request(as user: String?) async throws -> Session {
        let session = try await ScratchDatabase.current.session()
        let role = user == nil ? "anon" : "authenticated"
        let claims = user.map { "{\"sub\":\"\($0)\",\"role\":\"authenticated\"}" } ?? "{\"role\":\"anon\"}"
        try await session.executeScript("select set_config('request.jwt.claims', '\(claims)', false); set role \(role)")
        return session
    }

    private func count(_ table: String, as user: String?) async throws -> String? {
        let session = try await request(as: user)
        return try await session.query(Query(unsafeSQL: "select count(*) from \(table)")).first?[0]
    }

    private func touched(_ sql: String, as user: String?) async throws -> Outcome {
        let session = try await request(as: user)
        do throws(PostgresError) {
            return .rows(try await session.execute(Query(unsafeSQL: sql)))
        } catch {
            return .refused(error.sqlState?.code ?? error.message)
        }
    }
}
