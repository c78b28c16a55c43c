/// One reason to take a database for production.
public enum ProductionSign: Sendable, Hashable {
    /// The configuration protects it.
    case protected(environment: String)
    /// It bears no mark of `wheels-db env mark`.
    case unmarked
    /// It bears a mark that was made in another database and came with a copy.
    case markFromElsewhere(name: String, ref: String?)
    /// People signed in within the last thirty days; seeding did not make their accounts.
    case recentSignIns(accounts: Int, latest: String)
    /// It holds more accounts that seeding did not make than a team's own.
    case manyAccounts(Int)
    /// It holds more than a staging database begins with.
    case large(bytes: Int64)

    /// Accounts beside the seeded ones that a team may have made to try things.
    public static let ownAccounts = 20
    /// Bytes from which a database is called large.
    public static let largeFrom: Int64 = 250_000_000

    /// The stable name for scripts.
    public var code: String {
        switch self {
        case .protected: "production.protected"
        case .unmarked: "production.unmarked"
        case .markFromElsewhere: "production.mark-from-elsewhere"
        case .recentSignIns: "production.recent-sign-ins"
        case .manyAccounts: "production.many-accounts"
        case .large: "production.large"
        }
    }

    /// The sign as one sentence.
    public var sentence: String {
        switch self {
        case .protected(let environment): "The environment \(environment) is protected in the configuration."
        case .unmarked: "It is not marked as staging."
        case .markFromElsewhere(let name, let ref):
            "Its mark \"\(name)\" was made in another database\(ref.map { " (project \($0))" } ?? "") and came here with a copy."
        case .recentSignIns(let accounts, let latest):
            "\(accounts == 1 ? "1 person" : "\(accounts) people") whose account seeding did not make signed in within "
                + "30 days, the last one at \(latest)."
        case .manyAccounts(let count):
            "It holds \(count) accounts that seeding did not make; a team's own are \(Self.ownAccounts) at most."
        case .large(let bytes): "It holds \(bytes / 1_000_000) MB, more than staging begins with."
        }
    }

    /// Whether it tells of people, whose rows no command may mix with others unasked.
    public var isAboutPeople: Bool {
        switch self {
        case .recentSignIns, .manyAccounts: true
        case .protected, .unmarked, .markFromElsewhere, .large: false
        }
    }
}
