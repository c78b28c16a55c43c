import SealedStreams

/// Where objects stand in a repository.
enum Layout {
    static let keys = "keys/"
    static let runs = "runs/"
    static let chunks = "chunks/"
    static let schemas = "schemas/"
    static let indexes = "indexes/"
    static let manifests = "manifests/"
    /// The folders of objects that are named by their content.
    static let contentFolders = [chunks, schemas, indexes]

    /// The keys of a generation, sealed for one holder.
    static func holderFile(_ generation: KeyFingerprint, holder: String) throws -> BlobName {
        try name("\(keys)\(generation)/\(holder).age")
    }

    /// The mark by which the writer key vouches for a holder's file.
    static func holderMark(_ generation: KeyFingerprint, holder: String) throws -> BlobName {
        try name("\(keys)\(generation)/\(holder).mark")
    }

    /// The mark that a generation makes no more backups.
    static func retiredMark(_ generation: KeyFingerprint) throws -> BlobName {
        try name("\(keys)\(generation)/retired")
    }

    /// The data key of a run, sealed.
    static func runKey(_ run: BackupID) throws -> BlobName { try name("\(runs)\(run).age") }

    /// What a run read that ended early.
    static func unfinished(_ run: BackupID) throws -> BlobName { try name("\(UnfinishedRuns.folder)\(run)") }

    static func manifest(_ run: BackupID) throws -> BlobName { try name("\(manifests)\(run)") }

    static func name(_ text: String) throws -> BlobName {
        guard let name = BlobName(text) else { throw RepositoryError.corrupt(text, "cannot name an object") }
        return name
    }
}
