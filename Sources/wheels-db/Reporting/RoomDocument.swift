import ArchiveRepository
import Diagnostics
import LogicalBackup
import OffPool

/// The room that a database and its backups take, as `--json` prints it: bytes.
struct RoomDocument: Encodable, Equatable {
    /// The database on its server's disk; missing where the role may not know.
    let database: Int64?
    /// What the plan allows the database; missing where no plan is known.
    let databasePlan: Int64?
    /// All objects of the repository; missing where they could not be listed.
    let repository: Int?
    /// How many backups are in it, deleted ones included.
    let backups: Int?

    enum CodingKeys: String, CodingKey {
        case database, repository, backups
        case databasePlan = "database_plan"
    }

    init(_ fill: DatabaseFill?, _ use: RepositoryUse?) {
        database = fill?.bytes
        databasePlan = fill?.plan
        repository = use?.bytes
        backups = use?.backups
    }
}

extension RepositoryUse {
    /// One sentence: bytes, and for how many backups.
    var sentence: String {
        "The repository has \(HumanUnits.bytes(Int64(bytes))) in \(HumanUnits.counted(objects, "object")) for"
            + " \(HumanUnits.counted(backups, "backup"))."
    }
}

extension CommandContext {
    /// How full the database of a backup is, as the backup saw it.
    func fill(of manifest: BackupManifest, from target: DatabaseTarget) throws -> DatabaseFill? {
        guard let bytes = manifest.surroundings.databaseBytes else { return nil }
        return DatabaseFill(bytes: Int64(bytes), plan: try databasePlan(of: target)?.bytes)
    }

    /// What the repository takes after a backup; `nil`, with a note, when its store cannot be listed.
    func use(of repository: Repository) async throws -> RepositoryUse? {
        do { return try await offPool { try repository.use() } } catch let error as any ExplainedError
            where error.failureClass != .interrupted
        {
            report.note("The backup is made; what the repository takes could not be read: \(error.summary)")
            return nil
        }
    }
}
