import CatalogInspection
import Foundation
import PostgresClient
import PostgresTypes
import Seeding

/// What was seen of a database.
struct DatabaseSight: Sendable {
    /// The database, as the configuration knows it.
    let target: DatabaseTarget
    let version: ServerVersion
    let pooler: PoolerMode
    let usesTLS: Bool
    /// How certificates are checked: libpq's `sslmode`.
    let sslMode: String
    /// The numeric address that answered; `nil` on a Unix socket.
    let address: String?
    let facts: DatabaseFacts
    /// Slots that nobody has.
    let freeSlots: Int
    /// Slots for everybody but superusers.
    let slots: Int
    /// Bytes of the database.
    let size: Int64
    /// How far the server's clock is before ours, in seconds.
    let clockOffset: Double
    /// Which database this is; `nil` where the role may not ask.
    let identity: ProjectIdentity?
    /// The mark that says it holds no production.
    let mark: EnvironmentMark?
    /// Signs that real users are in it.
    let productionSigns: [ProductionSign]

    /// Looks at a database through one connection, and a second one where a pooler's mode has to be told.
    static func look(at target: DatabaseTarget, by settings: ConnectionSettings) async throws -> DatabaseSight {
        let session = try await Session.connect(to: settings, applicationName: "wheels-db/doctor")
        do {
            let sight = try await look(at: target, through: session)
            await session.close()
            return sight
        } catch {
            await session.close()
            throw error
        }
    }

    private static func look(at target: DatabaseTarget, through session: Session) async throws -> DatabaseSight {
        let pooler = try await PoolerProbe.mode(of: session)
        let facts = try await DatabaseQuery.facts(in: session)
        let before = Date.now
        guard let row = try await session.query(Query(unsafeSQL: sql)).first else {
            throw PostgresError(kind: .unexpectedAnswer, message: "The server does not describe itself")
        }
        let middle = before.timeIntervalSince1970 + Date.now.timeIntervalSince(before) / 2
        let clock: Double = try row.value("clock")
        let slots: Int = try row.value("slots")
        let identity = try? await ProjectIdentity.read(in: session, ref: target.ref)
        let signs = try? await ProductionSigns.read(
            in: session, protectedEnvironment: nil, ref: target.ref, seeded: SeedIdentity.accounts
        ).signs
        return DatabaseSight(
            target: target, version: session.serverVersion, pooler: pooler, usesTLS: await session.usesTLS,
            sslMode: session.settings.keywords["sslmode"] ?? "prefer",
            address: await session.settingsInUse.keywords["hostaddr"], facts: facts,
            freeSlots: max(0, slots - (try row.value("used"))), slots: slots, size: try row.value("size"),
            clockOffset: clock - middle, identity: identity, mark: try? await EnvironmentMark.read(in: session),
            productionSigns: signs ?? [])
    }

    private static let sql = """
        select pg_catalog.date_part('epoch', pg_catalog.clock_timestamp())::float8::text as clock,
          (pg_catalog.current_setting('max_connections')::int
            - pg_catalog.current_setting('superuser_reserved_connections')::int)::text as slots,
          (select pg_catalog.count(*) from pg_catalog.pg_stat_activity
            where backend_type in ('client backend', 'walsender'))::int::text as used,
          pg_catalog.pg_database_size(pg_catalog.current_database())::text as size
        """
}
