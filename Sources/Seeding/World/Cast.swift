/// The users with a part of their own, the same at every scale.
///
/// Together they are the witnesses of access rules: two circles that must not see one another, one person in both, one
/// with nothing to show, one who may see everything, and accounts that are no longer what they were.
public enum Cast: Sendable {
    /// Has a row with role `admin` in `admin_users`.
    public static let administrator = 1
    /// Owns the first of two private groups and a group trip with the people in it.
    public static let firstOwner = 2
    /// Owns the second.
    public static let secondOwner = 3
    /// Is in both groups and on both trips.
    public static let inBoth = 4
    /// Has an account, a profile and settings, and nothing else.
    public static let withNothing = 5
    /// Has left out everything that may be left out.
    static let bare = 6
    /// Has more rows than the API returns at once.
    static let heavy = 7
    /// Is banned and cannot sign in.
    public static let banned = 8

    /// The members of the first private group and of the second; one person is in both.
    static let firstCircle = [firstOwner, inBoth, 9, 10, 11, 12, 13, 14]
    static let secondCircle = [secondOwner, inBoth, 16, 17, 18, 19, 20, 21]

    /// Whether a row leaves out what may be left out: one user's, and the seventh of those that belong to nobody.
    static func isBare(_ key: RowKey) -> Bool { key.owner == bare || (key.owner == 0 && key.first == 6) }
}
