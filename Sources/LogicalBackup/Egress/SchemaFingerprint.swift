public import CatalogInspection
import PostgresClient
import PostgresTypes
public import SealedStreams

/// All that decides the two objects of a schema: equal fingerprints under an unchanged server, equal schema.
///
/// It stands in the manifest, so that the next backup can do without `pg_dump`, which receives most of a megabyte of
/// catalogs however small the database is.
public struct SchemaFingerprint: Sendable, Hashable, Codable {
    /// What the system catalogs were in the backup's snapshot.
    public let catalogs: CatalogDigests
    /// What `pg_dump --version` prints.
    public let program: String
    /// SHA-256 over what else goes into the dump: arguments, server version, database, role, options.
    public let inputs: Digest
    /// SHA-256 of what follows the dump as SQL: roles, memberships and settings.
    public let roleScript: Digest

    /// A fingerprint from its parts.
    ///
    /// - Parameters:
    ///   - catalogs: What the system catalogs are.
    ///   - program: What `pg_dump --version` prints.
    ///   - inputs: What else goes into the dump, in order.
    ///   - roleScript: What follows the dump as SQL.
    /// - Throws: `SealedStreamError` when libcrypto fails.
    init(catalogs: CatalogDigests, program: String, inputs: [String], roleScript: String) throws {
        self.catalogs = catalogs
        self.program = program
        // Each input is told apart by its length.
        let text = inputs.map { "\($0.utf8.count) \($0)" }.joined(separator: "\n")
        self.inputs = try SHA256.digest(Array(text.utf8))
        self.roleScript = try SHA256.digest(Array(roleScript.utf8))
    }

    /// The fingerprint of the schema in the snapshot of a session.
    ///
    /// - Parameters:
    ///   - session: A session in the snapshot, with `search_path` empty; the leader's.
    ///   - program: What `pg_dump --version` prints.
    ///   - roleScript: What follows the dump as SQL.
    /// - Returns: The fingerprint.
    /// - Throws: `PostgresError`, or `SealedStreamError` when libcrypto fails.
    static func read(in session: Session, program: String, roleScript: String) async throws -> SchemaFingerprint {
        let settings = session.settings
        return try SchemaFingerprint(
            catalogs: try await CatalogDigestQuery.digests(in: session),
            program: program,
            inputs: SchemaDump.constantArguments + [
                session.serverVersion.description, settings.database ?? "", settings.user ?? "",
                settings.keywords["options"] ?? "",
            ],
            roleScript: roleScript
        )
    }

    /// Why the schema has to be dumped again.
    ///
    /// - Parameters:
    ///   - before: The fingerprint in the last manifest; `nil` when it has none.
    ///   - serverIsAsBefore: Nothing in the server's life allows a transaction number to be used twice: the same system,
    ///     timeline, start and statistics, and a position not behind the last one.
    /// - Returns: The reasons, for people; empty when the schema is the same and its objects can be used again.
    func reasonsToDump(after before: SchemaFingerprint?, serverIsAsBefore: Bool) -> [String] {
        guard let before else { return ["the last backup has no fingerprint of its schema"] }
        var reasons: [String] = []
        if !serverIsAsBefore { reasons.append("the server was restarted, restored or replaced") }
        if program != before.program { reasons.append("\(program) is not \(before.program)") }
        if inputs != before.inputs { reasons.append("the database is dumped in another way") }
        if roleScript != before.roleScript { reasons.append("roles, memberships or settings changed") }
        let catalogs = catalogs.changes(since: before.catalogs)
        if !catalogs.isEmpty { reasons.append("changed or not readable: \(catalogs.joined(separator: ", "))") }
        return reasons
    }
}
