import ArchiveRepository
import OffPool

extension RepositoryOptions {
    /// Claims and marks, to read and to write.
    ///
    /// It takes the writer key or the identity; new keys are never made.
    func records(_ repository: Repository, in context: CommandContext) async throws -> SealedRecords {
        let documents = try await documents(repository, in: context)
        if let writer = documents as? WriterAccess { return SealedRecords(writer: writer) }
        if let reader = documents as? ReaderAccess {
            return try await offPool { SealedRecords(writer: try reader.writer(), access: reader) }
        }
        return SealedRecords(reading: documents)
    }
}
