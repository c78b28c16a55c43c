/// How the accounts that seeding made are told from those of people.
public struct SeededAccounts: Sendable {
    /// A condition on a row of `auth.users` under the alias `u`; it holds for seeded accounts.
    public let condition: String

    /// Accounts that fulfil a condition.
    ///
    /// - Parameter condition: SQL on the alias `u`; made by the seeder, never by a user.
    public init(condition: String) { self.condition = condition }
}
