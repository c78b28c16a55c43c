import LocalPostgres
import PostgresClient
import PostgresTesting
import PostgresTypes
import Testing

extension PolicyBehaviour {
    @Suite("Who may call the functions that run as their owner")
    struct DefinerFunctionTests {
        /// Each SECURITY DEFINER function of the app, and the roles of the API that may call it.
        static let callers: [String: [String]] = [
            "add_creator_as_participant()": [],
            "handle_new_user()": [],
            "update_group_member_count()": [],
            "update_post_comments_count()": [],
            "update_post_vote_counts()": [],
            "update_template_average_rating()": [],
            "cleanup_expired_pam_memory()": ["service_role"],
            "cleanup_expired_sessions()": ["service_role"],
            "close_listing(uuid,text)": ["authenticated"],
            "create_audit_log(text,text,text,jsonb,jsonb,uuid)": ["authenticated", "service_role"],
            "feature_template(uuid,boolean)": ["authenticated"],
            "increment_product_clicks(uuid)": ["authenticated", "service_role"],
            "increment_template_usage(uuid)": ["authenticated", "service_role"],
            "is_admin()": ["authenticated", "service_role"],
            "is_group_admin(uuid,uuid)": ["authenticated", "service_role"],
            "is_group_member(uuid,uuid)": ["authenticated", "service_role"],
            "is_trip_organizer(uuid,uuid)": ["authenticated", "service_role"],
            "is_trip_participant(uuid,uuid)": ["authenticated", "service_role"],
            "moderate_listing(uuid,text)": ["authenticated"],
            "moderate_post(uuid,text)": ["authenticated"],
            "moderate_profile(uuid,text)": ["authenticated"],
            "set_group_member_role(uuid,uuid,text)": ["authenticated"],
        ]

        @Test(arguments: DefaultPrivilegesEra.allCases)
        func `nobody calls more than is written here`(era: DefaultPrivilegesEra) async throws {
            let rows = try await PolicyWorld.session(era: era) { session in
                try await session.query(
                    """
                    select pg_catalog.replace(oid::regprocedure::text, 'public.', ''),
                        (select pg_catalog.string_agg(role, ' ' order by role)
                            from pg_catalog.unnest(array['anon', 'authenticated', 'service_role']) as role
                            where pg_catalog.has_function_privilege(role, oid, 'execute')),
                        pg_catalog.array_to_string(proconfig, ' ')
                    from pg_catalog.pg_proc where pronamespace = 'public'::regnamespace and prosecdef
                    """
                )
            }
            let found = rows.map { ($0[0] ?? "", ($0[1] ?? "").split(separator: " ").map(String.init)) }
            // What a trigger calls needs no right to be called, and cannot be called in a statement.
            let callable = found.map { name, roles in
                (name, Self.callers[name] == [] ? roles.filter { $0 != "service_role" } : roles)
            }
            #expect(Dictionary(uniqueKeysWithValues: callable) == Self.callers)
            for row in rows { #expect(row[2] == "search_path=\"\"", "\(row[0] ?? "")") }
        }

        /// Calls of what only administrators may do.
        static let moderation = [
            "select public.moderate_profile(\(Person.b.literal), 'suspended')",
            "select public.moderate_post(\(AppTable.id("social_posts", "a")), 'approved')",
            "select public.moderate_listing(\(AppTable.id("marketplace_listings", "a")), 'approved')",
            "select public.feature_template(\(AppTable.id("trip_templates", "a")))",
        ]

        @Test(arguments: moderation)
        func `moderation is for administrators, whoever asks`(call: String) async throws {
            try await PolicyWorld.requests { api in
                try await api.expect(.noGrant, as: [.anon, .service], call)
                for person in [Person.a, .b, .guest] {
                    let metadata = #"{"role":"admin"}"#
                    try await api.expect(.refusedByFunction, as: person, metadata: metadata, call)
                }
                try await api.expect(.rows(1), as: .admin, call)
            }
        }

        @Test func `what an administrator decides about others is in the audit trail`() async throws {
            try await PolicyWorld.requests { api in
                let log = try await api.text(
                    as: .admin,
                    after: Self.moderation[0],
                    asking: """
                        select concat_ws(' ', user_id = \(Person.admin.literal), resource_type, old_values ->> 'status',
                            new_values ->> 'status') from public.audit_logs where action = 'moderate'
                        """
                )
                #expect(log == "t profiles active suspended")
            }
        }

        @Test func `cleaning up is for the service role`() async throws {
            try await PolicyWorld.requests { api in
                for call in ["cleanup_expired_sessions", "cleanup_expired_pam_memory"].map({ "select public.\($0)()" })
                {
                    try await api.expect(.noGrant, as: [.anon, .a, .admin], call)
                    try await api.expect(.rows(1), as: .service, call)
                }
            }
        }

        @Test func `without signing in nobody asks who administers, takes part or is a member`() async throws {
            let id = AppTable.id("group_trips", "a")
            let calls = [
                "is_admin()", "is_trip_participant(\(id))", "is_trip_organizer(\(id))", "is_group_member(\(id))",
                "is_group_admin(\(id))",
            ]
            try await PolicyWorld.requests { api in
                for call in calls { try await api.expect(.noGrant, as: .anon, "select public.\(call)") }
            }
        }

        @Test func `counting a use or a click changes nothing that the caller may not see`() async throws {
            let template = AppTable.id("trip_templates", "b")
            let product = AppTable.id("affiliate_products", "withdrawn")
            try await PolicyWorld.requests { api in
                let uses = try await api.text(
                    as: .a,
                    after: "select public.increment_template_usage(\(template))",
                    asking: "select usage_count::text from public.trip_templates where id = \(template)"
                )
                #expect(uses == "0")
                let clicks = try await api.text(
                    as: .a,
                    after: "select public.increment_product_clicks(\(product))",
                    asking: "select click_count::text from public.affiliate_products where id = \(product)"
                )
                #expect(clicks == "0")
            }
        }

        @Test func `a listing is closed by its owner alone`() async throws {
            let call = "select public.close_listing(\(AppTable.id("marketplace_listings", "active")))"
            try await PolicyWorld.requests { api in
                try await api.expect(.rows(1), as: .a, call)
                try await api.expect(error: "P0002", as: .b, call)
            }
        }

        @Test func `nobody turns a sequence back or chooses a number`() async throws {
            try await PolicyWorld.requests { api in
                let numbered = AppTable.all.filter(\.isNumbered)
                #expect(numbered.count == 7)
                for table in numbered {
                    for person in [Person.anon, .a] {
                        let turned = "select pg_catalog.setval('\(table.qualified)_id_seq', 1)"
                        try await api.expect(.noGrant, as: person, turned)
                    }
                    guard let row = table.rows.first(where: { $0.owner == .a }) else { continue }
                    let chosen = table.insert(row).replacing("(", with: "(id, ", maxReplacements: 1)
                        .replacing("values (", with: "values (1, ")
                    try await api.expect(.noGrant, as: .a, chosen)
                }
            }
        }
    }
}
