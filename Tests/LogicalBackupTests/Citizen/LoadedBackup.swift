import PostgresClient

@testable import LogicalBackup

extension ScratchRepository {
    /// Makes a backup that may be felt so much.
    func backUp(
        _ settings: ConnectionSettings,
        jobs: Int = 2,
        full: Bool = false,
        load: ServerLoad,
        egressBudget: Int? = nil
    ) async throws -> BackupManifest {
        try await backUp(
            settings, jobs: jobs, onProgress: { _ in },
            { options in
                options.full = full
                options.load = load
                options.egressBudget = egressBudget
            })
    }
}
