extension AppTable {
    /// Trips, templates, trips of groups, places.
    static let trips = [
        AppTable(
            "user_trips",
            owner: "user_id",
            ["title": "'A trip'"],
            rows: [
                Row("open", of: .a, ["privacy_level": "'public'"]),
                Row("friends", of: .a, ["privacy_level": "'friends'"]),
            ],
            change: "title = 'changed'"
        ),
        AppTable(
            "trip_routes",
            owner: "user_id",
            ["trip_id": "{user_trips}", "route_name": "'A route'"],
            rows: [Row("open", of: .a)],
            change: "route_name = 'changed'"
        ),
        AppTable(
            "trip_waypoints",
            owner: "user_id",
            [
                "route_id": "{trip_routes}", "name": "'A stop'", "location": "point(144.9, -37.8)",
                "waypoint_order": "1",
            ],
            rows: [Row("open", of: .a)],
            change: "name = 'changed'"
        ),
        AppTable(
            "trip_expenses",
            owner: "user_id",
            ["trip_id": "{user_trips}", "category": "'fuel'", "amount": "80", "expense_date": "current_date"],
            rows: [Row("open", of: .a)],
            change: "amount = 1"
        ),
        AppTable(
            "trip_templates",
            owner: "user_id",
            ["name": "'A template'"],
            rows: [
                Row("open", of: .a, ["is_public": "true"]),
                Row("system", ["is_public": "true", "template_type": "'system'"]),
            ],
            change: "name = 'changed'"
        ),
        AppTable(
            "trip_template_ratings",
            owner: "user_id",
            ["template_id": "{trip_templates.open}", "rating": "5"],
            change: "rating = 1"
        ),
        AppTable("group_trips", owner: "created_by", ["trip_name": "'Together'"], change: "trip_name = 'changed'"),
        // Each creator's own row is made by a trigger.
        AppTable(
            "group_trip_participants",
            owner: "user_id",
            key: ["trip_id", "user_id"],
            ["trip_id": "{group_trips}"],
            given: ["role": "'organizer'", "status": "'accepted'"],
            rows: [
                Row("joined", of: .guest, ["trip_id": "{group_trips.a}"], given: ["role": "'participant'"]),
                Row(
                    "invited",
                    of: .admin,
                    ["trip_id": "{group_trips.a}"],
                    given: ["role": "'participant'", "status": "'invited'"]
                ),
            ],
            change: "status = 'declined'"
        ),
        AppTable(
            "camping_locations",
            [
                "name": "'A camp site'", "type": "'campground'", "latitude": "-37.8", "longitude": "144.9",
                "last_crowd_update": "now()",
            ],
            hasRowOfEach: false,
            rows: [Row("site"), Row("unvisited", ["last_crowd_update": "null"])],
            change: "name = 'changed'"
        ),
    ]

    /// Vehicles, and what comes in and goes out.
    static let money = [
        AppTable("vehicles", owner: "user_id", ["name": "'A van'"], change: "name = 'changed'"),
        AppTable(
            "fuel_log",
            owner: "user_id",
            isNumbered: true,
            ["vehicle_id": "{vehicles}", "date": "current_date"],
            change: "notes = 'changed'"
        ),
        AppTable(
            "maintenance_records",
            owner: "user_id",
            isNumbered: true,
            ["task": "'Oil'", "date": "current_date", "mileage": "1000"],
            change: "notes = 'changed'"
        ),
        AppTable(
            "expenses",
            owner: "user_id",
            isNumbered: true,
            ["amount": "30", "category": "'food'"],
            change: "amount = 1"
        ),
        AppTable(
            "budgets",
            owner: "user_id",
            [
                "category": "'food'", "budgeted_amount": "300", "start_date": "current_date - 7",
                "end_date": "current_date + 7",
            ],
            change: "budgeted_amount = 1"
        ),
        AppTable("income_entries", owner: "user_id", ["amount": "900", "source": "'Work'"], change: "amount = 1"),
        AppTable(
            "transaction_categories",
            isNumbered: true,
            ["name": "'{label}'", "display_name": "'Food'"],
            hasRowOfEach: false,
            rows: [Row("food")],
            change: "display_name = 'changed'"
        ),
        AppTable(
            "anonymized_transactions",
            owner: "user_id",
            isNumbered: true,
            ["amount": "12", "date": "current_date", "hash": "'{label}'"],
            change: "amount = 1"
        ),
        AppTable(
            "pam_savings_events",
            owner: "user_id",
            isNumbered: true,
            ["event_type": "'fuel'"],
            change: "description = 'changed'"
        ),
    ]

    /// PAM: what was said, what it knows and what it did.
    static let assistant = [
        AppTable("pam_conversations", owner: "user_id", ["session_id": "'{label}'"], change: "title = 'changed'"),
        AppTable(
            "pam_messages",
            ["conversation_id": "{pam_conversations}", "role": "'user'", "content": "'Hello'"],
            change: "content = 'changed'",
            move: "conversation_id = \(id("pam_conversations", "b"))"
        ),
        AppTable(
            "pam_conversation_memory",
            owner: "user_id",
            ["message_sequence": "1"],
            change: "user_message = 'changed'"
        ),
        AppTable(
            "pam_user_context",
            owner: "user_id",
            key: ["user_id"],
            ["context_data": "'{}'"],
            change: "context_type = 'changed'"
        ),
        AppTable(
            "memories",
            owner: "user_id",
            ["content": "'Likes the sea'", "memory_type": "'fact'"],
            change: "content = 'changed'"
        ),
        AppTable(
            "pam_analytics_logs",
            owner: "user_id",
            isNumbered: true,
            ["event_type": "'chat'"],
            change: "event_type = 'changed'"
        ),
        AppTable(
            "agent_logs",
            owner: "user_id",
            ["session_id": "'{label}'", "message": "'Hello'", "response": "'Hello'"],
            change: "response = 'changed'"
        ),
    ]
}
