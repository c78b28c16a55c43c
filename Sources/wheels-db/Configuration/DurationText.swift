/// Time spans as people write them: `90s`, `15m`, `24h`, `7d`, `2w`.
enum DurationText {
    private static let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]

    /// The time span of a text, or `nil` for anything else.
    static func parse(_ text: String) -> Duration? {
        guard let unit = text.last, let seconds = units[unit], let count = Int64(text.dropLast()), count >= 0 else {
            return nil
        }
        let (product, overflow) = count.multipliedReportingOverflow(by: seconds)
        return overflow ? nil : .seconds(product)
    }
}
