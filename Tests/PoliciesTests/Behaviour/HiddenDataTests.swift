import PostgresTesting
import PostgresTypes
import Testing

extension PolicyBehaviour {
    @Suite("A user who wants to see what is not theirs")
    struct HiddenDataTests {
        @Test func `finds no medical information, contact or position of another profile`() async throws {
            let columns = ["medical_info", "emergency_contact", "current_latitude", "email", "cancellation_token"]
            try await PolicyWorld.requests { api in
                for column in columns {
                    let query = "select \(column) from public.profiles where id <> \(Person.b.literal)"
                    try await api.expect(seen: [], as: .b, query)
                    try await api.expect(.noGrant, as: .anon, query)
                    try await api.expect(error: "42703", as: .b, "select \(column) from public.public_profiles")
                }
            }
        }

        @Test func `sees of other profiles the name and the picture, and the rest when its owner shares it`()
            async throws
        {
            let columns = """
                select string_agg(attname, ' ' order by attnum) from pg_catalog.pg_attribute
                where attrelid = 'public.public_profiles'::regclass and attnum > 0
                """
            let region = "select region from public.public_profiles where id = \(Person.a.literal)"
            let shared = """
                update public.user_settings set privacy_preferences = '{"profile_visibility": "public"}'
                where user_id = \(Person.a.literal)
                """
            let suspended = "update public.profiles set status = 'suspended' where id = \(Person.a.literal)"
            try await PolicyWorld.requests { api in
                try await api.expect(
                    seen: ["id nickname profile_image_url travel_style interests region"],
                    as: .b,
                    columns
                )
                try await api.expect(seen: ["null"], as: .b, region)
                try await api.expect(seen: ["Victoria"], as: .b, after: shared, region)
                try await api.expect(seen: [], as: .b, after: suspended, region)
                try await api.expect(.noGrant, as: .anon, region)
            }
        }

        /// A condition that is cheap and tells what it sees: without a barrier it would run before the view's own.
        @Test func `cannot make the view of profiles tell about suspended ones by a condition of their own`()
            async throws
        {
            let prepared = """
                update public.profiles set status = 'suspended' where id = \(Person.a.literal);
                create function public.tells(text, uuid) returns boolean language plpgsql cost 0.0001 as
                    $$ begin if $2 = \(Person.a.literal) then raise 'seen'; end if; return true; end $$;
                grant execute on function public.tells(text, uuid) to authenticated
                """
            try await PolicyWorld.requests { api in
                let query = "select id from public.public_profiles where public.tells(nickname, id)"
                try await api.expect(.rows(Person.users.count - 1), as: .b, after: prepared, query)
            }
        }

        @Test func `sees nothing of a private group, its members, posts, votes and comments`() async throws {
            let group = AppTable.id("social_groups", "a")
            let post = AppTable.id("social_posts", "grouped")
            let queries = [
                "select id from public.social_groups where id = \(group)",
                "select user_id from public.social_group_members where group_id = \(group)",
                "select id from public.social_posts where group_id = \(group)",
                "select id from public.post_votes where post_id = \(post)",
                "select id from public.post_comments where post_id = \(post)",
            ]
            let inactive = "update public.social_group_members set is_active = false where group_id = \(group)"
            try await PolicyWorld.requests { api in
                for query in queries {
                    try await api.expect(.rows(0), as: .b, query)
                    try await api.expect(.rows(1), as: .guest, query)
                }
                for query in queries[2...] {
                    try await api.expect(.rows(0), as: .guest, after: inactive, query)
                }
            }
        }

        @Test(arguments: [("pending", 0), ("accepted", 1), ("declined", 0), ("blocked", 0)])
        func `sees trips for friends only while both are friends`(status: String, count: Int) async throws {
            let query = "select id from public.user_trips where privacy_level = 'friends'"
            let prepared =
                "update public.user_friendships set status = '\(status)' where requester_id = \(Person.a.literal)"
            try await PolicyWorld.requests { api in
                try await api.expect(.rows(count), as: .guest, after: prepared, query)
                try await api.expect(.rows(0), as: .b, after: prepared, query)
            }
        }

        @Test(arguments: [("invited", 1), ("accepted", 1), ("declined", 0)])
        func `sees a group trip while invited or taking part`(status: String, count: Int) async throws {
            let trip = AppTable.id("group_trips", "a")
            let prepared = """
                update public.group_trip_participants set status = '\(status)'
                where trip_id = \(trip) and user_id = \(Person.guest.literal)
                """
            try await PolicyWorld.requests { api in
                let query = "select id from public.group_trips where id = \(trip)"
                try await api.expect(.rows(count), as: .guest, after: prepared, query)
                try await api.expect(.rows(0), as: .b, after: prepared, query)
            }
        }

        @Test func `does not learn what PAM and others talked about through the functions`() async throws {
            try await PolicyWorld.requests { api in
                let history = "select content from public.get_conversation_history(\(Person.b.literal))"
                try await api.expect(seen: [], as: .a, history)
                try await api.expect(seen: ["Hello"], as: .b, history)
            }
        }

        @Test func `sees nothing of the schemas auth and wheels_migrations`() async throws {
            let tables = ["auth.users", "auth.identities", "auth.sessions", "auth.refresh_tokens"]
            try await PolicyWorld.requests { api in
                for person in [Person.anon, .b, .admin] {
                    for table in tables {
                        try await api.expect(.noGrant, as: person, "select from \(table)")
                    }
                    let ledger = "select from supabase_migrations.schema_migrations"
                    try await api.expect(.noGrant, as: person, ledger)
                }
            }
        }

        @Test func `writes the audit trail through its function alone, and under their own id`() async throws {
            let forged = "insert into public.audit_logs (user_id, action) values (\(Person.b.literal), 'signed in')"
            try await PolicyWorld.requests { api in
                try await api.expect(.noGrant, as: [.anon, .a, .admin], forged)
                try await api.expect(.noGrant, as: .admin, "delete from public.audit_logs")
                try await api.expect(.noGrant, as: .admin, "update public.audit_logs set action = 'x'")
                let writer = try await api.text(
                    as: .a,
                    after: "select public.create_audit_log('forged', p_user_id => \(Person.b.literal))",
                    asking: "select user_id::text from public.audit_logs where action = 'forged'"
                )
                #expect(writer == Person.a.id)
            }
        }
    }
}
