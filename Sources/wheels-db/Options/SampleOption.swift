import ArchiveRepository
import ArgumentParser

/// How many objects to read, as `--sample` takes it.
enum SampleOption {
    static let valueName = "percent|count"

    static func parse(_ text: String) throws -> SampleSize {
        guard let size = SampleSize(text) else {
            throw ValidationError(
                "--sample takes a percentage above 0 and up to 100, such as 5%, or a number of objects, such as 20.")
        }
        return size
    }

    /// What was read, for people: never "all" when it was not.
    static func share(_ read: Int, of all: Int) -> String {
        guard all > 0, read < all else { return "100 %" }
        return "\(HumanUnits.fixed(min(100 * Double(read) / Double(all), 99.9), digits: 1)) %"
    }
}
