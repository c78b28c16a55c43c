/// How many of some objects are chosen at random.
public enum SampleSize: Sendable, Hashable {
    /// A part of them, above 0 and up to 1.
    case share(Double)
    /// So many of them.
    case count(Int)

    /// All of them.
    public static let all = SampleSize.share(1)

    /// A size as people write it.
    ///
    /// - Parameter text: `5%`, above 0 and up to 100, or a number of objects from 1; anything else gives `nil`.
    public init?(_ text: String) {
        if text.hasSuffix("%") {
            guard let number = Double(text.dropLast()), number > 0, number <= 100 else { return nil }
            self = .share(number / 100)
        } else {
            guard let number = Int(text), number > 0 else { return nil }
            self = .count(number)
        }
    }

    /// How many of some objects are chosen: at least one where there is one.
    ///
    /// - Parameter total: How many there are.
    /// - Returns: From 0 up to `total`.
    public func count(of total: Int) -> Int {
        switch self {
        case .share(let share): min(total, Int((share * Double(total)).rounded(.up)))
        case .count(let count): min(total, count)
        }
    }

    /// Chooses among objects, each as likely as the others.
    ///
    /// - Parameters:
    ///   - all: The objects.
    ///   - generator: Where chance comes from.
    /// - Returns: The chosen ones.
    public func choice<Element: Hashable>(
        of all: some Collection<Element>,
        using generator: inout some RandomNumberGenerator
    ) -> Set<Element> {
        let count = count(of: all.count)
        return count == all.count ? Set(all) : Set(all.shuffled(using: &generator).prefix(count))
    }
}
