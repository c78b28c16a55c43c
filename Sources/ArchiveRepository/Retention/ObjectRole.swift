import SealedStreams

/// What an object of a repository is for, told from its name alone.
enum ObjectRole: Sendable, Hashable {
    case description
    case holderKey(generation: KeyFingerprint)
    case retiredMark(generation: KeyFingerprint)
    case runKey(BackupID)
    case chunk
    case schema
    case index
    case manifest(BackupID)
    case claim(BackupID, number: Int)
    case releasedClaim(BackupID)
    case mark(MarkName)
    /// What a run received from its database.
    case egress(EgressEntryName)
    /// What a drill found.
    case drill(DrillName)
    /// What a run read that ended early.
    case unfinished(BackupID)
    /// No program of this format gives such a name.
    case foreign

    init(_ name: BlobName) {
        let parts = name.description.split(separator: "/").map(String.init)
        self = Self.role(folder: parts[0], parts.dropFirst()) ?? .foreign
    }

    private static func role(folder: String, _ rest: ArraySlice<String>) -> ObjectRole? {
        guard let first = rest.first, let last = rest.last else {
            return folder == RepositoryConfig.name.description ? .description : nil
        }
        switch (folder, rest.count) {
        case ("keys", 2):
            guard let generation = KeyFingerprint(hex: first), generation.description == first else { return nil }
            if last == "retired" { return .retiredMark(generation: generation) }
            return last.hasSuffix(".age") || last.hasSuffix(".mark") ? .holderKey(generation: generation) : nil
        case ("runs", 1):
            guard first.hasSuffix(".age") else { return nil }
            return BackupID(String(first.dropLast(4))).map { .runKey($0) }
        case ("chunks", 1): return isContentName(first) ? .chunk : nil
        case ("schemas", 1): return isContentName(first) ? .schema : nil
        case ("indexes", 1): return isContentName(first) ? .index : nil
        case ("manifests", 1): return BackupID(first).map { .manifest($0) }
        case ("unfinished", 1): return BackupID(first).map { .unfinished($0) }
        case ("claims", 2):
            guard let run = BackupID(first) else { return nil }
            if last == "released" { return .releasedClaim(run) }
            return MarkName.number(last).map { .claim(run, number: $0) }
        case ("marks", 3): return MarkName(rest).map { .mark($0) }
        case ("drills", 1): return BackupID(first).map { .drill(DrillName($0)) }
        case ("egress", 2): return EgressEntryName(month: first, run: last).map { .egress($0) }
        default: return nil
        }
    }

    private static func isContentName(_ text: String) -> Bool {
        text.utf8.count == 32
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
            }
    }
}
