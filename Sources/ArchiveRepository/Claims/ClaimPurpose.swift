/// What a run wants a repository for.
public enum ClaimPurpose: String, Sendable, Hashable, Codable, CaseIterable {
    /// It makes a backup: adds objects, and builds on those that are there.
    case backup
    /// It deletes backups and removes objects.
    case prune
    /// It brings a deleted backup back.
    case undelete
    /// It changes the keys.
    case keys

    /// Whether two runs may not be at work at the same time.
    ///
    /// Only bringing a backup back goes beside a backup: neither removes anything.
    ///
    /// - Parameter other: What the other run is for.
    /// - Returns: `true` when the later of the two has to wait.
    public func excludes(_ other: ClaimPurpose) -> Bool {
        let both: Set = [self, other]
        return both != [.backup, .undelete] && both != [.undelete]
    }
}
