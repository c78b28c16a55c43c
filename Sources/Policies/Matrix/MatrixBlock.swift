import FoundationEssentials
import PostgresClient
import PostgresTypes
import SQLText

/// Asks the server for the plans of many statements in one block: nothing is executed, nothing stays.
///
/// EXPLAIN plans a statement and checks the caller's rights as a run would, and runs nothing. Each relation's plans stand
/// in a subtransaction that is rolled back, which gives their locks back. The transaction around it is READ ONLY.
struct MatrixBlock: Sendable {
    /// The statements of one role: for each relation its commands, for each command its forms, the most demanding first.
    struct Batch: Encodable, Sendable {
        let role: String
        let claims: String
        let groups: [[[String]]]
    }

    let batches: [Batch]

    /// Runs the block in the open transaction.
    ///
    /// - Returns: The outcomes, in the order of the statements.
    func outcomes(in session: Session) async throws -> [MatrixOutcome] {
        let json = String(decoding: try JSONEncoder().encode(batches), as: UTF8.self)
        try await session.executeScript(
            "set local statement_timeout = '30s'; set local lock_timeout = '2s'; set local search_path = ''")
        try await run(Self.script(probes: json), in: session)
        let rows = try await session.query("select pg_catalog.current_setting('wheels_db.outcomes') as outcomes")
        let text = try rows.first?.text("outcomes") ?? "[]"
        return try JSONDecoder().decode([String].self, from: Data(text.utf8)).map { MatrixOutcome($0) }
    }

    private func run(_ script: String, in session: Session) async throws {
        do throws(PostgresError) {
            try await session.executeScript(script)
        } catch {
            let isAboutRole = error.sqlState == .insufficientPrivilege && error.message.contains("set role")
            if error.sqlState == "WDB01" {
                let parts = error.message.split(separator: "\n", maxSplits: 1).map(String.init)
                throw AccessReadingError.notProbed("`\(parts[0])`", reason: parts.last ?? "")
            }
            if isAboutRole { throw AccessReadingError.cannotBecome("of the API", reason: error.message) }
            throw error
        }
    }

    private static func script(probes json: String) -> String {
        """
        do \(SQLQuoting.literal(body.replacing("PROBES", with: SQLQuoting.literal(json))))
        """
    }

    /// `others` leaves cancellations and timeouts out: they end the block, and are never taken for an answer.
    private static let body = """
        declare
          batch record;
          relation pg_catalog.json;
          command pg_catalog.json;
          statement text;
          plan pg_catalog.json;
          outcome text;
          outcomes text[] := '{}';
        begin
          for batch in select * from pg_catalog.json_to_recordset(PROBES) as b(role text, claims text, groups json) loop
            begin
              perform pg_catalog.set_config('request.jwt.claims', batch.claims, true);
              perform pg_catalog.set_config('role', batch.role, true);
              for relation in select pg_catalog.json_array_elements(batch.groups) loop
                begin
                  for command in select pg_catalog.json_array_elements(relation) loop
                    outcome := '';
                    for statement in select pg_catalog.json_array_elements_text(command) loop
                      -- What demands more has run: so does what demands less.
                      if outcome not in ('runs', 'nothing') then
                        begin
                          execute 'explain (format json, costs off) ' || statement into plan;
                          outcome := case when 'false' in (plan #>> '{0,Plan,One-Time Filter}',
                            plan #>> '{0,Plan,Plans,0,One-Time Filter}') then 'nothing' else 'runs' end;
                        exception
                          when lock_not_available then
                            raise exception using errcode = 'WDB01', message = statement || pg_catalog.chr(10) || sqlerrm;
                          when others then outcome := sqlstate || ' ' || sqlerrm;
                        end;
                      end if;
                      outcomes := outcomes || outcome;
                    end loop;
                  end loop;
                  raise sqlstate 'WDB00';
                exception when sqlstate 'WDB00' then null;
                end;
              end loop;
              raise sqlstate 'WDB00';
            exception when sqlstate 'WDB00' then null;
            end;
          end loop;
          perform pg_catalog.set_config('wheels_db.outcomes', pg_catalog.array_to_json(outcomes)::text, true);
        end
        """
}

/// The claims of a request, as Supabase Auth writes them.
enum RequestClaims {
    /// The id of the user of probes, whom no row belongs to.
    static let subject = "00000000-0000-4000-8000-00000000da7a"

    /// The token's payload for a role.
    static func json(for role: String) -> String {
        guard role == "authenticated" else {
            return "{\"iss\":\"supabase\",\"role\":\"\(role)\",\"iat\":1700000000,\"exp\":2000000000}"
        }
        return """
            {"iss":"supabase","sub":"\(subject)","aud":"authenticated","role":"authenticated","email":"probe@example.com",\
            "phone":"","app_metadata":{"provider":"email","providers":["email"]},"user_metadata":{},"aal":"aal1",\
            "amr":[{"method":"password","timestamp":1700000000}],"session_id":"00000000-0000-4000-8000-000000005e55",\
            "is_anonymous":false,"iat":1700000000,"exp":2000000000}
            """
    }
}
