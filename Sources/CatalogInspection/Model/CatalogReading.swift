import Diagnostics
public import PostgresClient
import PostgresTypes

/// Whether a part of a catalog could be read.
public enum ReadingState: String, Sendable, Hashable, Codable {
    /// It was read, and all of it is here.
    case read
    /// It is there, and the role may not read it, or it has another shape than this version knows.
    case notReadable = "not readable"
    /// The database has no such thing, such as no table `cron.job`.
    case absent
}

/// What a part of a catalog says, or why it says nothing: a part that could not be read never looks like an empty one.
public struct CatalogReading<Item: Sendable & Hashable & Codable>: Sendable, Hashable, Codable {
    /// Whether it could be read.
    public let state: ReadingState
    /// What it says; empty when it could not be read.
    public let items: [Item]
    /// Why it could not be read, in the server's words.
    public let reason: String?

    private init(state: ReadingState, items: [Item] = [], reason: String? = nil) {
        self.state = state
        self.items = items
        self.reason = reason
    }

    /// A part that was read.
    ///
    /// - Parameter items: All of it.
    /// - Returns: The reading.
    public static func read(_ items: [Item]) -> CatalogReading { CatalogReading(state: .read, items: items) }

    /// A part that could not be read.
    ///
    /// - Parameter reason: Why.
    /// - Returns: The reading.
    public static func notReadable(_ reason: String) -> CatalogReading {
        CatalogReading(state: .notReadable, reason: reason)
    }

    /// A part that the database does not have.
    public static var absent: CatalogReading { CatalogReading(state: .absent) }

    /// The same reading with each item changed.
    ///
    /// - Parameter change: Makes the new item.
    /// - Returns: The reading of the new items.
    public func map<Other>(_ change: (Item) -> Other) -> CatalogReading<Other> {
        CatalogReading<Other>(state: state, items: items.map(change), reason: reason)
    }

    /// Runs a query that a role may not be allowed to run.
    ///
    /// In a transaction it stands in a savepoint: a refusal does not end what the transaction holds.
    ///
    /// - Parameters:
    ///   - session: A session.
    ///   - body: Reads the items.
    /// - Returns: The items; `notReadable` when the server refuses the query for a missing right, or because an object
    ///   has another shape (SQLSTATE class 42).
    /// - Throws: Any other error, such as a lost connection.
    public static func reading(
        in session: Session,
        _ body: (Session) async throws -> [Item]
    ) async throws -> CatalogReading {
        let isInTransaction = await session.isInTransaction
        if isInTransaction { try await session.execute("SAVEPOINT wheels_db_reading") }
        do {
            let items = try await body(session)
            if isInTransaction { try await session.execute("RELEASE SAVEPOINT wheels_db_reading") }
            return .read(items)
        } catch let error as PostgresError where error.sqlState?.errorClass == "42" {
            if isInTransaction {
                try await session.executeScript(
                    "ROLLBACK TO SAVEPOINT wheels_db_reading; RELEASE SAVEPOINT wheels_db_reading")
            }
            return .notReadable(error.message)
        }
    }

    /// Runs a query on a relation that a database may not have.
    ///
    /// - Parameters:
    ///   - relation: The relation with its schema, such as `cron.job`.
    ///   - session: A session.
    ///   - body: Reads the items.
    /// - Returns: As ``reading(in:_:)``; `absent` when there is no such relation.
    /// - Throws: Any other error, such as a lost connection.
    public static func reading(
        of relation: String,
        in session: Session,
        _ body: (Session) async throws -> [Item]
    ) async throws -> CatalogReading {
        let parts = relation.split(separator: ".").map(String.init)
        guard parts.count == 2 else { preconditionFailure("A relation is named with its schema") }
        // Not to_regclass: that needs the right to use the schema.
        let found = try await session.query(
            """
            select 1 from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where n.nspname = \(parts[0]) and c.relname = \(parts[1])
            """
        )
        return found.isEmpty ? .absent : try await reading(in: session, body)
    }
}
