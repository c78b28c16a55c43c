import CatalogInspection
import PostgresClient
import PostgresTypes
import SQLText

/// The password hash that all seeded accounts share: made once, for bcrypt is slow by intent.
struct SeedPassword: Sendable {
    /// What `auth.users` gets.
    let hash: String
    /// Where it came from.
    let source: SeedReport.Password

    /// The cost that the auth server itself uses.
    private static let cost = 10
    /// The characters of bcrypt's base 64; the last of 22 carries two bits only.
    private static let alphabet = Array("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
    private static let lastAlphabet = Array(".Oeu")

    /// The salt: by the seed's version alone, so the same password gives the same bytes everywhere.
    static let salt: String = {
        var draw = Draw(SeedHash.salt("auth.users encrypted_password"))
        var text = "$2a$\(cost)$"
        for place in 0..<22 {
            draw = draw.again
            text.append(draw.pick(place == 21 ? lastAlphabet : alphabet))
        }
        return text
    }()

    /// Makes the hash, or takes that of the accounts that are there.
    ///
    /// - Parameters:
    ///   - given: The password of the caller.
    ///   - session: The run's session.
    /// - Returns: The hash.
    /// - Throws: ``SeedError`` for a password that the auth server would not take, and without pgcrypto.
    static func make(_ given: String?, in session: Session) async throws -> SeedPassword {
        if let given {
            guard given.utf8.count >= 6 else {
                throw SeedError.password("has fewer than 6 bytes, which no sign-in accepts")
            }
            guard given.utf8.count <= 72 else {
                throw SeedError.password("has more than 72 bytes, which bcrypt cuts off")
            }
            return SeedPassword(hash: try await hash(given, in: session), source: .given)
        }
        if let kept = try await present(in: session) { return SeedPassword(hash: kept, source: .kept) }
        let generated = generate()
        return SeedPassword(hash: try await hash(generated, in: session), source: .generated(generated))
    }

    private static func present(in session: Session) async throws -> String? {
        let condition = SeedIdentity.accounts.condition
        let rows = try await session.query(
            """
            select encrypted_password from auth.users u
            where \(unsafeSQL: condition) and encrypted_password <> '' order by id limit 1
            """)
        return try rows.first?.optional("encrypted_password")
    }

    private static func hash(_ password: String, in session: Session) async throws -> String {
        let places = try await session.query(
            """
            select n.nspname from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace
            where e.extname = 'pgcrypto'
            """)
        guard let schema = try places.first?.value("nspname", as: String.self) else { throw SeedError.noCrypt }
        let rows = try await session.query(
            "select \(identifier: schema).crypt(\(password)::text, \(salt)::text) as hash")
        guard let hash = try rows.first?.optional("hash", as: String.self) else { throw SeedError.noCrypt }
        return hash
    }

    /// Twenty letters and digits of the system's random generator; none that look alike.
    private static func generate() -> String {
        let letters = Array("abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789")
        var random = SystemRandomNumberGenerator()
        return String((0..<20).map { _ in letters[Int.random(in: letters.indices, using: &random)] })
    }
}
