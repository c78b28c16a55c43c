/// How much a finding matters to the person who reads it.
public enum Severity: String, Sendable, Codable, Comparable, CaseIterable {
    /// Worth knowing; nothing needs to be done.
    case note
    /// Works today and will hurt one day.
    case warning
    /// Wrong now.
    case error

    /// Orders severities from the mildest to the gravest.
    public static func < (lhs: Severity, rhs: Severity) -> Bool {
        lhs.rank < rhs.rank
    }

    private var rank: Int {
        switch self {
        case .note: 0
        case .warning: 1
        case .error: 2
        }
    }
}
