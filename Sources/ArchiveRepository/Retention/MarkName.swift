import Foundation

/// The name of a mark: `marks/<kind>/<backup>/<number or time>`.
struct MarkName: Sendable, Hashable {
    /// What a mark says of a backup.
    enum Kind: String, Sendable, Hashable, CaseIterable {
        /// It is deleted, unless it was brought back since.
        case deleted
        /// It was brought back.
        case restored
        /// Every object of it was read and found whole.
        case verified
    }

    static let folder = "marks/"

    let kind: Kind
    let backup: BackupID
    /// The order of marks of one kind: a number, or the moment as a number of 14 digits.
    let order: Int

    init(_ kind: Kind, _ backup: BackupID, order: Int) {
        self.kind = kind
        self.backup = backup
        self.order = order
    }

    /// The parts of a name behind `marks`.
    init?(_ parts: ArraySlice<String>) {
        let parts = Array(parts)
        guard parts.count == 3, let kind = Kind(rawValue: parts[0]), let backup = BackupID(parts[1]) else { return nil }
        let order = kind == .verified ? Self.moment(parts[2]) : Self.number(parts[2])
        guard let order else { return nil }
        self.init(kind, backup, order: order)
    }

    /// The mark that a verification at some moment leaves.
    static func verified(_ backup: BackupID, at moment: Date) -> MarkName {
        let digits = moment.formatted(.iso8601).filter(\.isWholeNumber)
        return MarkName(.verified, backup, order: Int(digits) ?? 0)
    }

    var blob: BlobName { get throws { try Layout.name(text) } }

    private var text: String {
        let end = kind == .verified ? Self.momentText(order) : String(order)
        return "\(Self.folder)\(kind.rawValue)/\(backup)/\(end)"
    }

    /// A number from 1, as these names write it: without zeros before it.
    static func number(_ text: String) -> Int? {
        guard text.utf8.count <= 9, let number = Int(text), number >= 1, String(number) == text else { return nil }
        return number
    }

    private static func moment(_ text: String) -> Int? {
        guard text.wholeMatch(of: #/\d{8}T\d{6}Z/#) != nil else { return nil }
        return Int(text.filter(\.isWholeNumber))
    }

    private static func momentText(_ order: Int) -> String {
        let digits = String(order)
        let padded = String(repeating: "0", count: max(0, 14 - digits.count)) + digits
        return "\(padded.prefix(8))T\(padded.dropFirst(8))Z"
    }
}
