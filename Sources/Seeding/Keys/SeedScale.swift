/// How much is seeded: the number of users grows with it, and everything they own.
public struct SeedScale: Sendable, Hashable {
    /// The factor, from 1.
    public let factor: Int

    /// Users of one step of the scale.
    public static let usersPerStep = 25
    /// The largest factor: a quarter of a million users.
    public static let largest = 10_000

    /// A scale by its factor.
    ///
    /// - Parameter factor: From 1 to ``largest``.
    public init(_ factor: Int) {
        precondition((1...Self.largest).contains(factor), "A scale is a number from 1 to \(Self.largest)")
        self.factor = factor
    }

    /// The number of users, whose keys are 1 to this number.
    public var users: Int { factor * Self.usersPerStep }

    /// The step a user comes with, from 0.
    static func step(of user: Int) -> Int { user == 0 ? 0 : (user - 1) / usersPerStep }

    /// The number of users there are when this one comes.
    static func users(with user: Int) -> Int { (step(of: user) + 1) * usersPerStep }

    /// Whether a user is the first of a step after the first one: rows of everybody that grow with the scale hang on it.
    static func opensStep(_ user: Int) -> Bool { user > usersPerStep && user % usersPerStep == 1 }
}
