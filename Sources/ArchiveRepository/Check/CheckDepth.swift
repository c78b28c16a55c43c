/// How much of the stored bytes a check reads.
public struct CheckDepth: Sendable, Hashable {
    /// Every object is read to its end and its code checked; without, names and lengths alone.
    public var readsCodes = true
    /// The part of objects that is opened, decrypted and decoded as a restore does it, from 0 to 1.
    ///
    /// It takes the identity.
    public var opens = 0.0

    /// Codes of all objects, and nothing is opened.
    public init() {}
}
