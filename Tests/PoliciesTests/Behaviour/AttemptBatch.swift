import Foundation
import PostgresClient
import PostgresTypes

/// Many attempts in one round trip: a temporary function of the fixture's owner takes on each role in turn, runs the
/// statement and rolls it back.
struct AttemptBatch: Sendable {
    /// One attempt.
    struct Attempt: Encodable {
        let role: String
        let claims: String
        let before: String
        let tried: String

        /// An attempt.
        ///
        /// - Parameters:
        ///   - person: Who tries.
        ///   - before: What role `postgres` runs first.
        ///   - tried: The statement.
        init(as person: Person, after before: String? = nil, _ tried: String) {
            role = person.role
            claims = person.claims()
            self.before = before ?? "select"
            self.tried = tried
        }
    }

    let session: Session

    /// Prepares a session in a transaction of role `postgres`.
    init(_ session: Session) async throws {
        self.session = session
        try await session.executeScript(Self.function)
    }

    /// Runs attempts, each from the same state.
    ///
    /// - Parameter attempts: The attempts.
    /// - Returns: What each came to, in order.
    /// - Throws: `PostgresError`.
    func outcomes(of attempts: [Attempt]) async throws -> [Outcome] {
        let json = String(decoding: try JSONEncoder().encode(attempts), as: UTF8.self)
        let rows = try await session.query("select * from pg_temp.attempts(\(json)::jsonb)")
        return try rows.map { row in
            if let touched = try row.text("touched").flatMap({ Int($0) }) { return .rows(touched) }
            return Outcome(state: SQLState(try row.text("state") ?? ""), message: try row.text("message") ?? "")
        }
    }

    /// The statements run as in ``ApiSession``, and the role and the claims go with each one's subtransaction.
    ///
    /// A cancellation or a timeout is not among `others`: it ends the batch.
    private static let function = """
        create function pg_temp.attempts(asked jsonb)
        returns table (touched text, state text, message text)
        language plpgsql
        as $function$
        declare
          attempt record;
        begin
          for attempt in
            select * from jsonb_to_recordset(asked) as a (role text, claims text, before text, tried text)
          loop
            begin
              execute attempt.before;
              perform set_config('role', attempt.role, true), set_config('request.jwt.claims', attempt.claims, true);
              execute attempt.tried;
              get diagnostics touched = row_count;
              raise sqlstate 'WDB00';
            exception
              when sqlstate 'WDB00' then
                state := null;
                message := null;
              when others then
                touched := null;
                state := sqlstate;
                message := sqlerrm;
            end;
            return next;
          end loop;
        end
        $function$;
        """
}
