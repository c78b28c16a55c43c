extension SeedTable {
    /// Switches and limits of the whole app.
    static let systemSettings = SeedTable(
        "system_settings", .uuid(), bytesPerRow: 240, sharedKey: "setting_key",
        Population { $0.owner == 0 ? SystemSettings.all.count : 0 }
    ) { row in
        let setting = SystemSettings.all[row.key.first]
        row.id()
        row.text("setting_key", setting.key)
        row.json("setting_value", setting.value, null: .bare)
        row.text("description", setting.description, null: .bare)
        row.reference("updated_by", .users, RowKey(Cast.administrator), null: 30)
        row.moment("updated_at", (Day.today - 30 - row.key.first).at(36_000), null: .bare)
    }
}

/// The settings that staging begins with.
enum SystemSettings: Sendable {
    static let all: [(key: String, value: String, description: String)] = [
        ("maintenance_mode", "false", "Shows the maintenance page to everybody"),
        ("trial_days", "30", "Length of the free trial"),
        ("max_upload_mb", "10", "Largest file a user may upload"),
        ("supported_currencies", #"["AUD", "USD", "NZD", "CAD", "GBP"]"#, "Currencies in the menus"),
        ("pam_daily_messages", #"{"free": 20, "premium": 500}"#, "Messages to PAM in a day"),
        ("default_region", #""Australia""#, "Region of a new account"),
        ("legacy_banner", "null", "Not used any more"),
        ("subscription_prices", #"{"monthly": 18, "annual": 180, "currency": "AUD"}"#, "Prices on the plans page"),
        (
            "feature_flags", #"{"group_trips": true, "marketplace": true, "voice": false}"#,
            "Parts that can be switched off"
        ),
        ("analytics_retention_days", "90", "How long analytics are kept"),
    ]
}
