import PostgresClient
import PostgresTypes
import SQLText

/// Rows of one table that are changed alike, a batch at a time.
///
/// A batch is one statement: it picks rows that no other session holds, locks them, and changes them by their place in
/// the table. Rows that others hold stay for the next run, so that two runs, or a run and the app, never wait for each
/// other's rows.
struct BatchedChange: Sendable {
    let table: String
    let action: JobReport.TableCount.Action
    /// Which rows; `t` is the table, `$1` the time that counts as now.
    let condition: String
    /// Other tables that the condition needs, as a join after `public.table t`.
    var join = ""
    /// The assignments of an update.
    var assignments = ""
    /// Whether rows that are left deserve a word; they are counted either way.
    var hint: String?

    /// Removes rows.
    static func delete(from table: String, where condition: String) -> BatchedChange {
        BatchedChange(table: table, action: .delete, condition: condition)
    }

    /// How many rows there are to change, at most `limit` where one is given.
    func count(now: String) -> Query {
        Query(
            unsafeSQL: "select pg_catalog.count(*) as rows from \(source) where \(condition)", parameters: [now])
    }

    /// Changes at most `limit` rows, and tells how many it picked and how many it changed.
    func batch(now: String, limit: Int) -> Query {
        let places = "t.ctid = any (array(select p.place from picked p))"
        let change =
            action == .update
            ? "update \(name) t set \(assignments) where \(places) returning 1"
            : "delete from \(name) t where \(places) returning 1"
        return Query(
            unsafeSQL: """
                with picked as materialized (
                  select t.ctid as place from \(source) where \(condition)
                  limit \(limit) for update of t skip locked
                ), changed as (\(change))
                select (select pg_catalog.count(*) from picked) as picked,
                       (select pg_catalog.count(*) from changed) as changed
                """,
            parameters: [now])
    }

    /// The table with its schema, quoted.
    var name: String { "public.\(SQLQuoting.identifier(table))" }

    private var source: String { join.isEmpty ? "\(name) t" : "\(name) t \(join)" }
}
