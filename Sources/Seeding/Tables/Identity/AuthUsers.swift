extension SeedTable {
    /// The accounts, in the form in which the auth server finds and lets in a user.
    ///
    /// `instance_id` is all zeros (its query filters on it), the address is in lower case and confirmed, and the token
    /// columns are `''`: the server reads them into strings that cannot be NULL. `confirmed_at` is generated.
    static let authUsers = SeedTable(
        "users", schema: "auth", .uuid(), bytesPerRow: 700, followsServer: true, .eachUser
    ) { row in
        let number = row.key.owner
        let person = Person(number)
        row.text("instance_id", "00000000-0000-0000-0000-000000000000")
        row.id()
        row.text("aud", "authenticated")
        row.text("role", "authenticated")
        row.email("email", of: number)
        row.text("encrypted_password", row.inputs.passwordHash)
        row.moment("email_confirmed_at", person.joinedAt + 240)
        row.text("confirmation_token", "")
        row.text("recovery_token", "")
        row.text("email_change_token_new", "")
        row.text("email_change", "")
        row.moment("last_sign_in_at", ifAny: AuthUsers.lastSignIn(number))
        row.object("raw_app_meta_data") { json, _ in
            json.text("provider", "email")
            json.list("providers", ["email"])
        }
        row.object("raw_user_meta_data") { json, _ in
            json.text("full_name", person.givenName, " ", person.surname)
            json.bool("email_verified", true)
            json.bool("seeded", true)
        }
        row.moment("created_at", person.joinedAt)
        row.moment("updated_at", person.joinedAt + 240)
        row.text("phone_change", "")
        row.text("phone_change_token", "")
        row.text("email_change_token_current", "")
        row.int("email_change_confirm_status", 0)
        row.moment("banned_until", ifAny: number == Cast.banned ? Day(year: 2_099, month: 1, day: 1).at(0) : nil)
        row.text("reauthentication_token", "")
        row.bool("is_sso_user", false)
        row.bool("is_anonymous", false)
    }

    /// One identity a user: an address with a password.
    static let authIdentities = SeedTable(
        "identities", schema: "auth", .uuid(), bytesPerRow: 620, followsServer: true, .eachUser
    ) { row in
        let key = row.key
        let person = Person(key.owner)
        row.reference("provider_id", .users, row.key)
        row.owner()
        row.object("identity_data") { json, _ in
            json.id("sub", .users, key)
            json.email("email", of: key.owner)
            json.bool("email_verified", true)
            json.bool("phone_verified", false)
        }
        row.text("provider", "email")
        row.moment("last_sign_in_at", ifAny: AuthUsers.lastSignIn(row.key.owner))
        row.moment("created_at", person.joinedAt)
        row.moment("updated_at", person.joinedAt + 240)
        row.id()
    }
}

/// What other tables know of accounts.
public enum AuthUsers: Sendable {
    /// The address of a user, such as `traveller0012@seed.example`; RFC 2606 keeps `.example` from being registered.
    ///
    /// - Parameter number: The user's number, from 1.
    /// - Returns: The address.
    public static func email(of number: Int) -> String {
        var bytes: [UInt8] = []
        append(emailOf: number, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    static func append(emailOf number: Int, to bytes: inout [UInt8]) {
        CopyText.append("traveller", to: &bytes)
        CopyText.append(number, digits: 4, to: &bytes)
        CopyText.append("@seed.example", to: &bytes)
    }

    private static let signIns = Stream("auth.users last_sign_in_at")

    /// When a user signed in last; who left everything out never did.
    static func lastSignIn(_ number: Int) -> Moment? {
        guard number != Cast.bare else { return nil }
        let draw = signIns(RowKey(number))
        return (Day.today - draw.within(1...35)).at(draw.again)
    }
}

extension RowWriter {
    /// The address of a user.
    mutating func email(_ column: StaticString, of user: Int, null: Sparse = .never) {
        guard begin(column, null) != nil else { return }
        var taken = take()
        AuthUsers.append(emailOf: user, to: &taken)
        give(taken)
    }
}
