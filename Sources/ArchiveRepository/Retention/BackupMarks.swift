public import Foundation

/// What the marks of one backup say.
public struct BackupMarks: Sendable, Hashable {
    /// The last deletion: its number and moment.
    var deleted: (number: Int, at: Date)?
    /// The last time it was brought back: the number of the deletion that this ended, and the moment.
    var restored: (number: Int, at: Date)?
    /// When it was last found whole.
    public var verifiedAt: Date?
    /// All marks by kind, those that count and those that do not.
    var names: [MarkName] = []

    /// Marks that say nothing.
    public init() {}

    /// It is deleted: no list shows it, and a prune removes it when the grace time is over.
    public var isDeleted: Bool {
        guard let deleted else { return false }
        return deleted.number > restored?.number ?? 0
    }

    /// Since when it is deleted; `nil` when it is not.
    public var deletedAt: Date? { isDeleted ? deleted?.at : nil }

    /// When it was brought back, where it is not deleted again.
    public var broughtBackAt: Date? { isDeleted ? nil : restored?.at }

    /// The number of the next deletion: greater than that of any mark there is, counted or not.
    var nextDeletion: Int {
        (names.filter { $0.kind != .verified }.map(\.order).max() ?? 0) + 1
    }

    /// Compares what the marks say.
    public static func == (left: BackupMarks, right: BackupMarks) -> Bool {
        left.names == right.names && left.deletedAt == right.deletedAt && left.verifiedAt == right.verifiedAt
            && left.broughtBackAt == right.broughtBackAt
    }

    /// Mixes in what tells marks apart.
    ///
    /// - Parameter hasher: Gets it.
    public func hash(into hasher: inout Hasher) { hasher.combine(names) }
}
