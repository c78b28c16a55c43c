/// What an expression comes to, as far as that can be told without a row.
enum ExpressionValue: Sendable, Hashable {
    case bool(Bool)
    case null
    case text(String)
    case number(String)
    /// The id of the user who asks; never NULL.
    case callerID
    /// The claims of the token.
    case claims
    /// A column of the row.
    case column([String], isNotNull: Bool)
    /// It depends on what cannot be seen from here.
    case unknown

    /// A value that is equal to itself and to nothing else of its kind.
    var isConstant: Bool {
        switch self {
        case .bool, .text, .number: true
        default: false
        }
    }
    /// It is known that the value is not NULL.
    var isNotNull: Bool {
        switch self {
        case .bool, .text, .number, .callerID, .claims: true
        case .column(_, let isNotNull): isNotNull
        case .null, .unknown: false
        }
    }
}

/// Who asks, as far as an expression's value depends on that.
struct Caller: Sendable, Hashable {
    /// The role of the request.
    let role: String

    /// Whether the request carries the token of a user.
    var isSignedIn: Bool { role != "anon" && role != "service_role" }
}
