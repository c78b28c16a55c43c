/// Who sends a request to the data API.
///
/// A and B are two tenants. The guest takes part in A's group trip, is a member of A's private group and A's friend.
/// None of the three administers the app, although each has a row in `admin_users`: A as a moderator, B as an
/// administrator who is suspended, the guest as one who is inactive.
enum Person: String, CaseIterable, Sendable {
    case anon
    case a = "A"
    case b = "B"
    case guest
    case admin
    case service

    /// Those who have an account.
    static let users: [Person] = [.a, .b, .guest, .admin]

    /// An account that owns nothing: whom rows are given away to.
    static let newcomer = "00000000-0000-4000-8000-00000000000f"

    /// An account with nothing but a profile, which is suspended.
    static let suspended = "00000000-0000-4000-8000-00000000000e"

    /// The account's id; none for requests without one.
    var id: String? {
        switch self {
        case .a: "00000000-0000-4000-8000-00000000000a"
        case .b: "00000000-0000-4000-8000-00000000000b"
        case .guest: "00000000-0000-4000-8000-00000000000c"
        case .admin: "00000000-0000-4000-8000-00000000000d"
        case .anon, .service: nil
        }
    }

    /// The id as an SQL literal.
    var literal: String { id.map { "'\($0)'::uuid" } ?? "null::uuid" }

    /// What the rows that each account has are called.
    var label: String { rawValue.lowercased() }

    /// The role that a request takes on.
    var role: String {
        switch self {
        case .anon: "anon"
        case .service: "service_role"
        case .a, .b, .guest, .admin: "authenticated"
        }
    }

    /// The payload of the request's token.
    ///
    /// - Parameter metadata: What users may write into their own token.
    /// - Returns: JSON.
    func claims(metadata: String = "{}") -> String {
        guard let id else { return "{\"role\":\"\(role)\"}" }
        return """
            {"sub":"\(id)","aud":"authenticated","role":"authenticated","email":"\(label)@example.org",\
            "app_metadata":{"provider":"email"},"user_metadata":\(metadata),"is_anonymous":false}
            """
    }
}
