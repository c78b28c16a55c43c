public import PostgresClient
import PostgresTypes
import SQLText

/// Reads sequences from the sequences themselves: no catalog view shows `is_called`.
public enum SequenceQuery: Sendable {
    /// All sequences, and where they stand; of an extension's only those it declares as its configuration.
    ///
    /// - Parameter session: A session.
    /// - Returns: The sequences by schema and name.
    /// - Throws: `PostgresError`; with 42501 when one may not be read.
    public static func sequences(in session: Session) async throws -> [SequenceInfo] {
        let rows = try await session.query(Query(unsafeSQL: listSQL))
        let names = try rows.map { row in
            (
                oid: try row.value("oid", as: OID.self), schema: try row.value("nspname", as: String.self),
                name: try row.value("relname", as: String.self)
            )
        }
        guard !names.isEmpty else { return [] }
        let selects = names.map { sequence in
            "select '\(sequence.oid)' as oid, last_value, is_called from "
                + SQLQuoting.qualified(sequence.schema, sequence.name)
        }
        var states: [OID: (Int64, Bool)] = [:]
        for row in try await session.query(Query(unsafeSQL: selects.joined(separator: " union all "))) {
            states[try row.value("oid")] = (try row.value("last_value"), try row.value("is_called"))
        }
        return names.compactMap { sequence in
            guard let state = states[sequence.oid] else { return nil }
            return SequenceInfo(
                oid: sequence.oid,
                schema: sequence.schema,
                name: sequence.name,
                lastValue: state.0,
                isCalled: state.1
            )
        }
    }

    private static let listSQL = """
        select c.oid, n.nspname, c.relname
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'S' and c.relpersistence <> 't' and n.nspname <> 'information_schema'
          and (not exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_class'::regclass
                 and d.objid = c.oid and d.deptype = 'e')
               or exists (select from pg_catalog.pg_extension e where c.oid = any (e.extconfig)))
        order by n.nspname, c.relname
        """
}
