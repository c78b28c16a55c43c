import Synchronization

/// Counts what a run receives from the server, by table, and stops it before the month's budget is broken.
///
/// ```swift
/// let permit = try meter.reserve(expected, for: table)   // before a chunk is asked for
/// …
/// meter.settle(permit, received: bytes)                  // when its rows are here, or have failed
/// ```
///
/// Many workers use it at once. Without a budget it only counts.
public final class EgressMeter: Sendable {
    /// A promise that so many bytes still fit.
    public struct Permit: Sendable {
        let table: String
        let reserved: Int
    }

    private struct State {
        var budget: EgressBudget?
        var tables: [String: Int] = [:]
        var others = 0
        var reserved = 0
        var notCounted: Set<String> = []

        /// What tables have received; kept beside the single numbers, because it is asked for with every chunk.
        var ofTables = 0
    }

    private let state: Mutex<State>

    /// A meter that has counted nothing.
    ///
    /// - Parameter budget: What must not be broken; `nil` to count only.
    public init(budget: EgressBudget? = nil) { state = Mutex(State(budget: budget)) }

    /// Reserves room for rows that are about to be asked for.
    ///
    /// - Parameters:
    ///   - expected: About how many bytes will come.
    ///   - table: The table's name, for messages and the ledger.
    /// - Returns: What to settle afterwards, whatever happens.
    /// - Throws: ``BackupError`` of class `outOfSpace` when the budget would be broken.
    public func reserve(_ expected: Int, for table: String) throws(BackupError) -> Permit {
        let failure: BackupError? = state.withLock { state in
            let received = state.ofTables + state.others
            if let budget = state.budget, received + state.reserved + expected > budget.remaining {
                return budget.exceeded(by: state.tables, received: received)
            }
            state.reserved += expected
            return nil
        }
        if let failure { throw failure }
        return Permit(table: table, reserved: expected)
    }

    /// Notes what has come.
    ///
    /// - Parameters:
    ///   - permit: What was reserved.
    ///   - bytes: How many bytes came in truth.
    public func settle(_ permit: Permit, received bytes: Int) {
        state.withLock { state in
            state.reserved -= permit.reserved
            state.tables[permit.table, default: 0] += bytes
            state.ofTables += bytes
        }
    }

    /// Notes bytes that belong to no table, such as those of the schema.
    ///
    /// - Parameter bytes: How many came.
    public func receive(_ bytes: Int) { state.withLock { $0.others += bytes } }

    /// Notes that somebody's bytes could not be counted.
    ///
    /// - Parameter name: Whose, such as `pg_dump`.
    public func missed(_ name: String) { state.withLock { _ = $0.notCounted.insert(name) } }

    /// Bytes received by table.
    public var tables: [String: Int] { state.withLock(\.tables) }
    /// Bytes that belong to no table.
    public var others: Int { state.withLock(\.others) }
    /// All bytes received.
    public var received: Int { state.withLock { $0.ofTables + $0.others } }
    /// Whose bytes are not in ``received``, in order.
    public var notCounted: [String] { state.withLock { $0.notCounted.sorted() } }
}
