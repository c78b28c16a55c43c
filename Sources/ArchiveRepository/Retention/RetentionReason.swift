/// Why a backup stays.
public enum RetentionReason: Sendable, Hashable {
    /// It is the newest one, which always stays.
    case newest
    /// It has the last name, which is by the store's clock, and always stays: a clock that went back must not cost it.
    case lastNamed
    /// No backup follows it, by what each names as the one before it; it always stays, whatever the clocks say.
    case lastOfChain
    /// It is the one that the store got last, which always stays, though a copy may have changed that time.
    case lastStored
    /// It is the newest one that was verified, which always stays.
    case newestVerified
    /// It was deleted and brought back within the grace time.
    case broughtBack
    /// It is one of the last ones; its place, 1 for the newest.
    case last(Int)
    /// It is the newest one of a period; the period's place, 1 for the newest.
    case newestOf(RetentionPeriod, Int)
    /// It is close enough to the newest one.
    case within

    /// Whether a backup with this reason cannot be deleted by name either.
    ///
    /// Anybody who may write to the store can set the time of a file, so that alone protects from the rules only.
    var isAbsolute: Bool { [.newest, .lastNamed, .lastOfChain, .newestVerified].contains(self) }

    /// The reason for people, under a policy.
    ///
    /// - Parameter policy: The policy that gave it.
    /// - Returns: A few words.
    public func text(under policy: RetentionPolicy) -> String {
        switch self {
        case .newest: "newest"
        case .lastNamed: "last by name"
        case .lastOfChain: "last of the chain"
        case .lastStored: "stored last"
        case .newestVerified: "newest verified"
        case .broughtBack: "brought back lately"
        case .last(let place): "last \(place) of \(policy.last)"
        case .newestOf(let period, let place): "\(period.rawValue) \(place) of \(policy.count(of: period))"
        case .within: "within the time to keep"
        }
    }
}
