import DataModels
import PostgresTesting
import PostgresTypes
import Testing

@Suite("Models of people", .tags(.server))
struct IdentityModelTests {
    static let models: [any KeyedModel.Type] = [
        Profile.self, UserSettings.self, AdminUser.self, UserSubscription.self, UserActiveSession.self,
        SystemSettings.self, AuditLog.self,
    ]

    @Test(.appDatabase) func `profiles`() async throws {
        let bench = try await ModelBench()
        let user = try await bench.newUser()
        let made = try #require(try await bench.find(Profile.Key(id: user)))
        #expect(made.email == "\(user)@example.org" && made.role == .user && made.language == "en")
        #expect(try await bench.rows(Profile.delete(made.key)).count == 1)
        let life = try await bench.live(
            Profile.Insert(
                id: user, fullName: "O'Brien \"Größe\" 🚐", interests: ["hiking, long", "", "NULL", nil],
                currentLatitude: PostgresNumeric(-37_813_600, scale: 6), role: .null, status: .set(.suspended))
        ) {
            $0.nickname = .set("Nick")
            $0.status = .set(.active)
            $0.interests = .set(["fishing"])
            $0.lastActive = .set(instant("2026-03-01 12:30:00.000001+00"))
            $0.role = .set(Profile.Role.moderator)
        } null: {
            $0.fullName = .null
            $0.interests = .null
            $0.contentPreferences = .null
            $0.currentLatitude = .null
        }
        #expect(life.inserted.fullName == "O'Brien \"Größe\" 🚐" && life.inserted.role == nil)
        #expect(life.inserted.interests == ["hiking, long", "", "NULL", nil])
        #expect(life.inserted.currentLatitude?.postgresText == "-37.813600")
        #expect(life.inserted.contentPreferences?.postgresText.contains("share_gender_with_groups") == true)
        #expect(life.set.lastActive?.postgresText == "2026-03-01 12:30:00.000001+00")
        #expect(life.nulled.interests == nil && life.nulled.nickname == "Nick")
    }

    @Test(.appDatabase) func `settings, with documents of one's own type`() async throws {
        struct Display: Codable, Equatable {
            var theme: String
            var highContrast: Bool
            enum CodingKeys: String, CodingKey {
                case theme
                case highContrast = "high_contrast"
            }
        }
        let bench = try await ModelBench()
        let user = try await bench.newUser()
        let made = try #require(try await bench.find(UserSettings.Key(userID: user)))
        #expect(try made.displayPreferences?.decoded() == Display(theme: "system", highContrast: false))
        _ = try await bench.rows(UserSettings.delete(made.key))
        let dark = try JSONText(encoding: Display(theme: "dark", highContrast: true))
        let life = try await bench.live(UserSettings.Insert(userID: user, privacyPreferences: .null)) {
            $0.displayPreferences = .set(dark)
        } null: {
            $0.pamPreferences = .null
        }
        #expect(life.inserted.privacyPreferences == nil && life.inserted.pamPreferences != nil)
        #expect(try life.set.displayPreferences?.decoded() == Display(theme: "dark", highContrast: true))
    }

    @Test(.appDatabase) func `administrators, subscriptions and sessions`() async throws {
        let bench = try await ModelBench()
        let user = try await bench.newUser()
        let admin = try await bench.live(AdminUser.Insert(userID: user, email: "a@example.org")) {
            $0.role = .set(.admin)
            $0.permissions = .set(#"{"all": true}"#)
        } null: {
            $0.permissions = .null
        }
        #expect(admin.inserted.role == .user && admin.inserted.status == .active && admin.set.role == .admin)
        let subscription = try await bench.live(
            UserSubscription.Insert(userID: user, planType: .freeTrial, trialEndsAt: instant("2026-02-01 00:00:00+00"))
        ) {
            $0.subscriptionStatus = .set(.trial)
            $0.videoCourseAccess = .set(true)
        } null: {
            $0.planType = .null
            $0.trialEndsAt = .null
        }
        #expect(subscription.inserted.planType == .freeTrial && subscription.inserted.cancelAtPeriodEnd == false)
        let address = try PostgresInet(postgresText: "2001:db8::1/64")
        let session = try await bench.live(
            UserActiveSession.Insert(userID: user, sessionID: "s-1", ipAddress: address, isCurrent: .set(true))
        ) {
            $0.expiresAt = .set(.infinity)
            $0.sessionID = .set("s-2")
        } null: {
            $0.ipAddress = .null
        }
        #expect(session.inserted.ipAddress == address && session.set.expiresAt == .infinity)
    }

    @Test(.appDatabase) func `settings of the system and the audit trail`() async throws {
        let bench = try await ModelBench()
        let user = try await bench.newUser()
        try await bench.live(SystemSettings.Insert(settingKey: "limit", settingValue: "[1, 2.50]", updatedBy: user)) {
            $0.settingValue = .set("null")
        } null: {
            $0.settingValue = .null
            $0.updatedBy = .null
        }
        let log = try await bench.live(
            AuditLog.Insert(
                action: "update", oldValues: #"{"a": 1}"#, ipAddress: try PostgresInet(postgresText: "10.0.0.1"))
        ) {
            $0.userID = .set(user)
            $0.newValues = .set(#"{"a": 2}"#)
        } null: {
            $0.timestamp = .null
        }
        #expect(log.inserted.userID == nil && log.set.userID == user && log.inserted.timestamp != nil)
    }
}
