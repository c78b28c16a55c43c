extension AppTable {
    /// Groups, posts and friends.
    static let community = [
        AppTable(
            "social_groups",
            owner: "owner_id",
            ["name": "'A group'", "privacy": "'private'"],
            rows: [Row("open", of: .a, ["privacy": "'public'"])],
            change: "name = 'changed'"
        ),
        AppTable(
            "social_group_members",
            owner: "user_id",
            key: ["group_id", "user_id"],
            hasRowOfEach: false,
            rows: [
                Row("private", of: .guest, ["group_id": "{social_groups.a}"]),
                Row("public", of: .b, ["group_id": "{social_groups.open}"]),
                Row("inactive", of: .admin, ["group_id": "{social_groups.open}"], given: ["is_active": "false"]),
            ],
            change: "is_active = false"
        ),
        AppTable(
            "social_posts",
            owner: "user_id",
            ["content": "'Hello'"],
            given: ["status": "'pending'"],
            rows: [
                Row("approved", of: .a, given: ["status": "'approved'"]),
                Row("hidden", of: .a, given: ["status": "'hidden'"]),
                Row(
                    "grouped",
                    of: .a,
                    ["group_id": "{social_groups.a}", "location": "'group'"],
                    given: ["status": "'approved'"]
                ),
            ],
            change: "content = 'changed'"
        ),
        AppTable(
            "post_votes",
            owner: "user_id",
            ["post_id": "{social_posts.approved}", "vote_type": "true"],
            rows: [
                Row("grouped", of: .guest, ["post_id": "{social_posts.grouped}"]),
                Row("hidden", of: .a, ["post_id": "{social_posts.hidden}"]),
            ],
            change: "vote_type = false"
        ),
        AppTable(
            "post_comments",
            owner: "user_id",
            ["post_id": "{social_posts.approved}", "content": "'Nice'"],
            rows: [
                Row("grouped", of: .guest, ["post_id": "{social_posts.grouped}"]),
                Row("hidden", of: .a, ["post_id": "{social_posts.hidden}"]),
            ],
            change: "content = 'changed'"
        ),
        AppTable(
            "user_friendships",
            owner: "requester_id",
            hasRowOfEach: false,
            rows: [
                Row(
                    "friends", of: .a, and: .guest, ["addressee_id": Person.guest.literal],
                    given: ["status": "'accepted'"]),
                Row("asked", of: .b, and: .a, ["addressee_id": Person.a.literal]),
                Row("blocked", of: .admin, and: .b, ["addressee_id": Person.b.literal], given: ["status": "'blocked'"]),
            ],
            change: "status = 'declined'"
        ),
    ]

    /// The shop of affiliate products and the market of the users.
    static let shop = [
        AppTable(
            "marketplace_listings",
            owner: "user_id",
            ["title": "'A stove'"],
            given: ["status": "'pending'"],
            rows: [
                Row("active", of: .a, given: ["status": "'active'"]),
                Row("approved", of: .b, given: ["status": "'approved'"]),
                Row("rejected", of: .a, given: ["status": "'rejected'"]),
            ],
            change: "title = 'changed'"
        ),
        AppTable(
            "affiliate_products",
            [
                "title": "'Recovery boards'", "category": "'recovery_gear'", "affiliate_provider": "'amazon'",
                "affiliate_url": "'https://example.org/boards'",
            ],
            hasRowOfEach: false,
            rows: [Row("sale"), Row("withdrawn", ["is_active": "false"])],
            change: "title = 'changed'"
        ),
        AppTable(
            "affiliate_product_clicks",
            owner: "user_id",
            ["product_id": "{affiliate_products.sale}"],
            rows: [Row("nameless")],
            change: "referrer = 'changed'"
        ),
        AppTable("affiliate_sales", owner: "user_id", ["product_id": "'B01'"], change: "payout_status = 'paid'"),
    ]

    /// The calendar, support, health, statistics, and what is made for a while only.
    static let operation = [
        AppTable(
            "calendar_events",
            owner: "user_id",
            ["title": "'Leave'", "start_date": "now()", "end_date": "now()"],
            change: "title = 'changed'"
        ),
        AppTable(
            "support_tickets",
            owner: "user_id",
            ["subject": "'Help'", "message": "'Please'"],
            change: "status = 'resolved'"
        ),
        AppTable("health_check", hasRowOfEach: false, rows: [Row("backend")], change: "status = 'changed'"),
        AppTable(
            "health_check_history",
            ["test_name": "'reads'", "status": "'pass'", "duration_ms": "5"],
            hasRowOfEach: false,
            rows: [Row("run")],
            change: "message = 'changed'"
        ),
        AppTable(
            "health_check_alerts",
            ["status": "'degraded'"],
            hasRowOfEach: false,
            rows: [Row("change")],
            change: "message = 'changed'"
        ),
        AppTable("usage_events", owner: "user_id", ["event_type": "'page'"], change: "event_type = 'changed'"),
        AppTable(
            "daily_usage_stats",
            ["date": "current_date"],
            hasRowOfEach: false,
            rows: [Row("today")],
            change: "unique_users = 1"
        ),
        AppTable(
            "user_activity",
            owner: "user_id",
            key: ["user_id"],
            ["first_seen": "current_date", "last_seen": "current_date"],
            change: "last_seen = current_date + 1"
        ),
        AppTable("analytics_sessions", owner: "user_id", change: "page_views = 1"),
        AppTable(
            "audio_cache",
            ["cache_key": "'{label}'", "audio_base64": "'AAAA'"],
            hasRowOfEach: false,
            rows: [Row("answer")],
            change: "hit_count = 1"
        ),
        AppTable(
            "active_recommendations",
            owner: "user_id",
            ["recommendation_type": "'route'", "title": "'Drive inland'"],
            change: "status = 'dismissed'"
        ),
    ]

    /// Files: the first folder of the path is the owner's id.
    static let storage = [
        AppTable(
            "storage.objects",
            ["bucket_id": "'receipts'", "name": "'{me}/fuel.jpg'"],
            rows: [Row("picture", of: .a, ["bucket_id": "'avatars'", "name": "'{me}/face.png'"])],
            change: "metadata = '{}'",
            move: "name = '\(Person.newcomer)/taken.jpg'"
        )
    ]
}
