import PostgresClient
import PostgresTypes
import SQLText

/// Keeps the sequences of tables with numbers out of the range that seeding uses.
struct SequenceAdvance: Sendable {
    private let sequences: [(name: String, value: Int64)]

    /// Finds the sequences and where they stand.
    ///
    /// - Parameters:
    ///   - tables: The tables.
    ///   - session: The run's session.
    /// - Returns: What to advance.
    /// - Throws: ``SeedError`` when one stands in the range: then rows of others may be there.
    static func read(_ tables: [SeedTable], in session: Session) async throws -> SequenceAdvance {
        var sequences: [(name: String, value: Int64)] = []
        for table in tables {
            guard case .number(let column) = table.identity else { continue }
            let named = try await session.query(
                "select pg_catalog.pg_get_serial_sequence(\(table.qualifiedName), \(column)) as sequence")
            guard let sequence = try named.first?.optional("sequence", as: String.self) else { continue }
            let states = try await session.query(
                Query(unsafeSQL: "select last_value::text as last_value from \(sequence)"))
            let value: Int64 = try states.first?.value("last_value") ?? 0
            guard !(SeedIdentity.firstNumber..<SeedIdentity.lastNumber).contains(value) else {
                throw SeedError.sequenceInRange(sequence, value)
            }
            sequences.append((sequence, value))
        }
        return SequenceAdvance(sequences: sequences)
    }

    /// Moves each sequence that stands before the range to its end.
    ///
    /// A rollback does not undo this, and need not.
    func run(in session: Session) async throws {
        for sequence in sequences where sequence.value < SeedIdentity.firstNumber {
            try await session.execute(
                "select pg_catalog.setval(\(sequence.name)::regclass, \(SeedIdentity.lastNumber)::bigint)")
        }
    }
}
