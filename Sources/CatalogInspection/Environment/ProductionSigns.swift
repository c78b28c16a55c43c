public import PostgresClient
import PostgresTypes

/// What speaks for a database being production: the one guard before what must never happen there.
public struct ProductionSigns: Sendable {
    /// The signs, the plainest first.
    public let signs: [ProductionSign]

    /// Signs that were found.
    ///
    /// - Parameter signs: The signs.
    public init(_ signs: [ProductionSign]) { self.signs = signs }

    /// Whether to take it for production.
    ///
    /// Size alone is no reason: staging may grow.
    public var looksLikeProduction: Bool {
        signs.contains { if case .large = $0 { false } else { true } }
    }

    /// Looks at a database; changes nothing.
    ///
    /// - Parameters:
    ///   - session: A session to it.
    ///   - protectedEnvironment: The name of its environment, where the configuration protects it.
    ///   - ref: Its project ref, where it is known.
    ///   - seeded: How seeded accounts are told from people's.
    /// - Returns: The signs.
    /// - Throws: `PostgresError`, also when the role may not read `auth.users`.
    public static func read(
        in session: Session,
        protectedEnvironment: String?,
        ref: String?,
        seeded: SeededAccounts
    ) async throws -> ProductionSigns {
        var signs: [ProductionSign] = []
        if let protectedEnvironment { signs.append(.protected(environment: protectedEnvironment)) }
        if let mark = try await EnvironmentMark.read(in: session) {
            let here = try await ProjectIdentity.read(in: session, ref: ref)
            if !mark.isValid(in: here) { signs.append(.markFromElsewhere(name: mark.name, ref: mark.identity.ref)) }
        } else {
            signs.append(.unmarked)
        }
        signs += try await people(in: session, seeded: seeded)
        let size = try await session.query(
            "select pg_catalog.pg_database_size(pg_catalog.current_database())::text as bytes")
        let bytes: Int64 = try size.first?.value("bytes") ?? 0
        if bytes > ProductionSign.largeFrom { signs.append(.large(bytes: bytes)) }
        return ProductionSigns(signs)
    }

    private static func people(in session: Session, seeded: SeededAccounts) async throws -> [ProductionSign] {
        let there = try await session.query("select pg_catalog.to_regclass('auth.users') is not null as there")
        guard try there.first?.value("there") == true else { return [] }
        let rows = try await session.query(
            """
            select pg_catalog.count(*)::text as accounts,
              pg_catalog.count(*) filter (where u.last_sign_in_at > pg_catalog.now() - interval '30 days')::text as recent,
              coalesce(pg_catalog.to_char(pg_catalog.max(u.last_sign_in_at) at time zone 'UTC', 'YYYY-MM-DD HH24:MI')
                || ' UTC', '') as latest
            from auth.users u where not \(unsafeSQL: seeded.condition)
            """)
        guard let row = rows.first else { return [] }
        let accounts: Int = try row.value("accounts")
        let recent: Int = try row.value("recent")
        var signs: [ProductionSign] = []
        if recent > 0 { signs.append(.recentSignIns(accounts: recent, latest: try row.value("latest"))) }
        if accounts > ProductionSign.ownAccounts { signs.append(.manyAccounts(accounts)) }
        return signs
    }
}
