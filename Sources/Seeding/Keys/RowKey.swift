/// What a seeded row is named by: a number for the owner, and its place below it in up to three steps.
///
/// User 12's third trip is `12.2`, the first leg of that trip `12.2.0`, its fifth stop `12.2.0.4`. A key is the same at
/// every scale: a larger scale only adds owners. Owner 0 is the system, whose rows belong to nobody.
///
/// | bits | holds |
/// |---|---|
/// | 63…36 | owner |
/// | 35…24 | first step |
/// | 23…12 | second step |
/// | 11…0 | third step |
public struct RowKey: Sendable, Hashable {
    /// The key as one number.
    public let packed: UInt64

    /// How many rows may stand below one row.
    static let fanOut = 4_096
    /// How many bits one step takes.
    static let stepBits = 12
    /// The largest owner: 24 bits, so that owner and first step fit an id of 36 bits.
    static let largestOwner = 1 << 24 - 1

    private init(packed: UInt64) { self.packed = packed }

    /// The key of an owner, or of a row by its steps.
    ///
    /// - Parameters:
    ///   - owner: The owner; 0 is the system.
    ///   - first: The first step.
    ///   - second: The second step.
    ///   - third: The third step.
    public init(_ owner: Int, _ first: Int = 0, _ second: Int = 0, _ third: Int = 0) {
        let steps = UInt64(first) << 24 | UInt64(second) << 12 | UInt64(third)
        packed = UInt64(owner) << 36 | steps
    }

    /// The owner.
    public var owner: Int { Int(packed >> 36) }
    /// The first step.
    public var first: Int { Int(packed >> 24 & 0xFFF) }
    /// The second step.
    public var second: Int { Int(packed >> 12 & 0xFFF) }
    /// The third step.
    public var third: Int { Int(packed & 0xFFF) }

    /// The key of the row that stands above this one, with so many steps kept.
    ///
    /// - Parameter steps: How many steps to keep, from 0 to 3.
    /// - Returns: The key.
    public func upTo(_ steps: Int) -> RowKey {
        RowKey(packed: packed & (UInt64.max << UInt64(36 - Self.stepBits * steps)))
    }

    /// The key of a row below this one.
    ///
    /// - Parameters:
    ///   - number: Its number, from 0.
    ///   - step: Which step it is: 1 below an owner, 2 below a row with one step, 3 below one with two.
    /// - Returns: The key.
    func below(_ number: Int, step: Int) -> RowKey {
        RowKey(packed: packed | UInt64(number) << UInt64(36 - Self.stepBits * step))
    }
}
