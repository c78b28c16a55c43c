/// How much of the stored bytes a check reads.
public struct CheckDepth: Sendable, Hashable {
    /// Every object is read to its end and its code checked; without, names and lengths alone.
    public var readsCodes = true
    /// How many of the objects are opened, decrypted and decoded as a restore does it; `nil` for none.
    ///
    /// It takes the identity.
    public var opens: SampleSize?

    /// Codes of all objects, and nothing is opened.
    public init() {}
}
