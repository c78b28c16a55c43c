import PostgresClient
import PostgresTesting
import Testing

extension PolicyBehaviour {
    @Suite("A user who wants more rights")
    struct RightsEscalationTests {
        static let privileges = [
            "role = 'admin'", "status = 'active'", "email = 'admin@example.org'", "trial_end_date = 'infinity'",
            "trial_notification_sent = true", "subscription_cancelled = false", "cancellation_token = 'x'",
            "created_at = '2020-01-01'",
        ]

        @Test(arguments: privileges)
        func `cannot set the columns of a profile that give rights`(assignment: String) async throws {
            try await PolicyWorld.requests { api in
                for person in [Person.a, .b, .admin] {
                    let own = "where id = \(person.literal)"
                    try await api.expect(.noGrant, as: person, "update public.profiles set \(assignment) \(own)")
                }
                let (column, value) = Self.sides(of: assignment)
                try await api.expect(
                    .noGrant,
                    as: .a,
                    after: "delete from public.profiles where id = \(Person.a.literal)",
                    "insert into public.profiles (id, \(column)) values (\(Person.a.literal), \(value))")
            }
        }

        private static func sides(of assignment: String) -> (String, String) {
            let parts = assignment.split(separator: " = ").map(String.init)
            return (parts[0], parts[1])
        }

        @Test func `is no administrator because the profile says so`() async throws {
            try await PolicyWorld.requests { api in
                let promoted = "update public.profiles set role = 'admin' where id = \(Person.b.literal)"
                try await api.expect(seen: ["f"], as: .b, after: promoted, "select public.is_admin()")
                let others = "select id from public.profiles where id <> \(Person.b.literal)"
                try await api.expect(seen: [], as: .b, after: promoted, others)
            }
        }

        @Test func `is no administrator because the token's metadata says so`() async throws {
            let metadata = #"{"role":"admin","is_admin":true,"user_role":"admin"}"#
            try await PolicyWorld.requests { api in
                try await api.expect(seen: ["f"], as: .b, metadata: metadata, "select public.is_admin()")
                try await api.expect(
                    seen: [Person.b.id ?? ""], as: .b, metadata: metadata, "select id::text from public.profiles")
                let setting = "update public.system_settings set setting_value = '2'"
                try await api.expect(.rows(0), as: .b, metadata: metadata, setting)
            }
        }

        @Test func `finds no role of the database to become but those of the API`() async throws {
            try await PolicyWorld.session(as: "authenticator") { session in
                let roles = try await session.query(
                    """
                    select rolname from pg_catalog.pg_roles
                    where pg_catalog.pg_has_role('authenticator', oid, 'member') and rolname <> 'authenticator'
                    order by rolname
                    """
                ).compactMap { $0[0] }
                #expect(roles == ["anon", "authenticated", "service_role"])
            }
        }

        @Test(arguments: [Person.b, .guest])
        func `has no rights left as a suspended or inactive administrator`(person: Person) async throws {
            try await PolicyWorld.requests { api in
                try await api.expect(seen: ["f"], as: person, "select public.is_admin()")
                try await api.expect(
                    seen: [person.id ?? ""], as: person, "select user_id::text from public.admin_users")
                let reactivation = "update public.admin_users set status = 'active' where user_id = \(person.literal)"
                try await api.expect(.rows(0), as: person, reactivation)
                let hiding = "select public.moderate_post(\(AppTable.id("social_posts", "approved")), 'hidden')"
                try await api.expect(.refusedByFunction, as: person, hiding)
            }
        }

        @Test func `loses the rights of an administrator at once when suspended`() async throws {
            let suspended = "update public.admin_users set status = 'suspended' where user_id = \(Person.admin.literal)"
            try await PolicyWorld.requests { api in
                try await api.expect(seen: ["t"], as: .admin, "select public.is_admin()")
                try await api.expect(seen: ["f"], as: .admin, after: suspended, "select public.is_admin()")
                try await api.expect(
                    seen: ["1"], as: .admin, after: suspended, "select count(*) from public.audit_logs")
            }
        }

        @Test func `cannot enter the list of administrators nor change it`() async throws {
            let entry = """
                insert into public.admin_users (user_id, email, role, status)
                values ('\(Person.newcomer)', 'new@example.org', 'admin', 'active')
                """
            try await PolicyWorld.requests { api in
                for person in [Person.a, .b, .guest] {
                    try await api.expect(.refusedByPolicy, as: person, entry)
                    try await api.expect(.rows(0), as: person, "update public.admin_users set role = 'admin'")
                    try await api.expect(.rows(0), as: person, "delete from public.admin_users")
                }
                try await api.expect(.noGrant, as: .anon, entry)
                try await api.expect(.noGrant, as: .anon, "select from public.admin_users")
                try await api.expect(.rows(1), as: .admin, entry)
            }
        }

        @Test func `cannot change what was paid`() async throws {
            let row = "user_id = \(Person.a.literal)"
            let gift =
                "insert into public.user_subscriptions (user_id, plan_type) values (\(Person.a.literal), 'annual')"
            try await PolicyWorld.requests { api in
                for change in [
                    "subscription_status = 'active'", "subscription_tier = 'pro'", "trial_ends_at = 'infinity'",
                ] {
                    let sql = "update public.user_subscriptions set \(change) where \(row)"
                    try await api.expect(.noGrant, as: .a, sql)
                    try await api.expect(.noGrant, as: .admin, sql)
                }
                try await api.expect(.noGrant, as: .a, after: "delete from public.user_subscriptions", gift)
                try await api.expect(.noGrant, as: .a, "delete from public.user_subscriptions where \(row)")
                try await api.expect(.rows(4), as: .service, "update public.user_subscriptions set status = 'x'")
            }
        }

        @Test func `cannot become the organizer of somebody else's group trip`() async throws {
            let trip = AppTable.id("group_trips", "a")
            let mine = "where trip_id = \(trip) and user_id = \(Person.guest.literal)"
            try await PolicyWorld.requests { api in
                let promotion = "update public.group_trip_participants set role = 'organizer' \(mine)"
                try await api.expect(.noGrant, as: .guest, promotion)
                let entry = """
                    insert into public.group_trip_participants (trip_id, user_id, role)
                    values (\(trip), \(Person.b.literal), 'organizer')
                    """
                try await api.expect(.noGrant, as: .b, entry)
                let invitation = """
                    insert into public.group_trip_participants (trip_id, user_id)
                    values (\(trip), \(Person.b.literal))
                    """
                for person in [Person.b, .guest] {
                    try await api.expect(.refusedByPolicy, as: person, invitation)
                    let theft = "update public.group_trips set created_by = \(person.literal) where id = \(trip)"
                    try await api.expect(.rows(0), as: person, theft)
                }
                let eviction = "delete from public.group_trip_participants where user_id = \(Person.a.literal)"
                try await api.expect(.rows(0), as: .guest, eviction)
                try await api.expect(.rows(1), as: .a, invitation)
            }
        }

        @Test func `cannot become the administrator of somebody else's group`() async throws {
            let group = AppTable.id("social_groups", "a")
            try await PolicyWorld.requests { api in
                let promotion = "update public.social_group_members set role = 'admin' where group_id = \(group)"
                try await api.expect(.noGrant, as: .guest, promotion)
                for person in [Person.guest, .b, .admin] {
                    let call = "select public.set_group_member_role(\(group), \(person.literal), 'admin')"
                    try await api.expect(.refusedByFunction, as: person, call)
                    let theft = "update public.social_groups set owner_id = \(person.literal) where id = \(group)"
                    try await api.expect(.noGrant, as: person, theft)
                    let twin = "update public.social_groups set admin_id = \(person.literal) where id = \(group)"
                    try await api.expect(.noGrant, as: person, twin)
                }
                let entry = """
                    insert into public.social_group_members (group_id, user_id, role)
                    values (\(AppTable.id("social_groups", "open")), \(Person.guest.literal), 'admin')
                    """
                try await api.expect(.noGrant, as: .guest, entry)
                let rise = "select public.set_group_member_role(\(group), \(Person.guest.literal), 'admin')"
                try await api.expect(.rows(1), as: .a, rise)
            }
        }
    }
}
