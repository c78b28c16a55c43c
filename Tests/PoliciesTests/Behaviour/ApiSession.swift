import PostgresClient
import PostgresTypes

/// What a statement came to.
enum Outcome: Hashable, Sendable, CustomStringConvertible {
    /// It ran on this many rows.
    case rows(Int)
    /// 42501: the role has no grant for it.
    case noGrant
    /// 42501: the new row is one that no policy lets in.
    case refusedByPolicy
    /// 42501 raised by a function that asked who calls.
    case refusedByFunction
    /// Any other error.
    case failed(SQLState, String)

    init(_ error: PostgresError) {
        self.init(state: error.sqlState ?? "XX000", message: error.message)
    }

    init(state: SQLState, message: String) {
        guard state == .insufficientPrivilege else {
            self = .failed(state, message)
            return
        }
        if message.hasPrefix("permission denied") {
            self = .noGrant
        } else {
            self = message.contains("row-level security") ? .refusedByPolicy : .refusedByFunction
        }
    }

    var isRefused: Bool {
        switch self {
        case .noGrant, .refusedByPolicy, .refusedByFunction: true
        case .rows, .failed: false
        }
    }

    var description: String {
        switch self {
        case .rows(let count): "\(count) rows"
        case .noGrant: "42501, no grant"
        case .refusedByPolicy: "42501, refused by a policy"
        case .refusedByFunction: "42501, refused by the function"
        case .failed(let state, let message): "\(state), \(message)"
        }
    }
}

/// A session in a transaction that sends statements as the data API does: it takes on a role and sets the claims of the
/// token for the transaction.
///
/// Each statement starts from the fixture: what the one before did is rolled back.
struct ApiSession: Sendable {
    let session: Session

    /// Begins the transaction.
    ///
    /// - Parameters:
    ///   - session: A session of a role that may take on the API's roles.
    ///   - isReadOnly: As requests that read are.
    /// - Throws: `PostgresError`.
    init(_ session: Session, isReadOnly: Bool = false) async throws {
        self.session = session
        try await session.executeScript(
            """
            begin \(isReadOnly ? "read only" : "");
            select set_config('storage.allow_delete_query', 'true', true);
            savepoint fixture;
            """
        )
    }

    /// Runs one statement as a person.
    ///
    /// - Parameters:
    ///   - person: Who.
    ///   - preparation: What role `postgres` runs first.
    ///   - metadata: What the person wrote into the token.
    ///   - statement: The statement.
    /// - Returns: What it came to.
    /// - Throws: `PostgresError` when the connection is lost.
    func run(
        as person: Person,
        after preparation: String = "",
        metadata: String = "{}",
        _ statement: String
    ) async throws -> Outcome {
        try await become(person, after: preparation, metadata: metadata)
        do throws(PostgresError) {
            return .rows(try await session.execute(Query(unsafeSQL: statement)))
        } catch {
            guard !error.endsSession else { throw error }
            return Outcome(error)
        }
    }

    /// Runs statements as a person, then a question as role `postgres`, which sees everything.
    ///
    /// - Parameters:
    ///   - person: Who.
    ///   - statements: What the person runs; none of them may fail.
    ///   - question: A query of one text.
    /// - Returns: The text.
    /// - Throws: `PostgresError`.
    func text(as person: Person, after statements: String, asking question: String) async throws -> String? {
        try await become(person)
        try await session.executeScript(statements + "; reset role; select set_config('request.jwt.claims', '', true)")
        return try await session.query(Query(unsafeSQL: question)).first?[0]
    }

    /// The first field of each row that a person's query returns.
    ///
    /// - Parameters:
    ///   - person: Who.
    ///   - preparation: What role `postgres` runs first.
    ///   - metadata: What the person wrote into the token.
    ///   - query: The query.
    /// - Returns: The fields, or why there are none.
    /// - Throws: `PostgresError` when the connection is lost.
    func read(
        as person: Person,
        after preparation: String = "",
        metadata: String = "{}",
        _ query: String
    ) async throws -> Result<[String], Refusal> {
        try await become(person, after: preparation, metadata: metadata)
        do throws(PostgresError) {
            return .success(try await session.query(Query(unsafeSQL: query)).map { $0[0] ?? "null" })
        } catch {
            guard !error.endsSession else { throw error }
            return .failure(Refusal(outcome: Outcome(error)))
        }
    }

    /// Why a query returned nothing.
    struct Refusal: Error, Hashable { let outcome: Outcome }

    private func become(_ person: Person, after preparation: String = "", metadata: String = "{}") async throws {
        try await session.executeScript(
            """
            rollback to savepoint fixture;
            \(preparation);
            select set_config('role', '\(person.role)', true),
                set_config('request.jwt.claims', '\(person.claims(metadata: metadata))', true);
            """
        )
    }
}
