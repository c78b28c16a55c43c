public import PostgresClient
public import Testing

extension PgDump {
    /// What `pg_dump --schema-only` says of one database and not of another.
    ///
    /// - Parameters:
    ///   - one: A database.
    ///   - other: Another one.
    /// - Returns: Nothing when the texts are equal; else the lines that only one has, marked `-` and `+`, or the first
    ///   line that stands elsewhere.
    /// - Throws: ``ScratchDatabaseError`` with what `pg_dump` said.
    static func difference(
        from one: ConnectionSettings,
        to other: ConnectionSettings
    ) async throws -> String {
        let first = try await schema(of: one).split(separator: "\n")
        let second = try await schema(of: other).split(separator: "\n")
        guard first != second else { return "" }
        let changes = second.difference(from: first).map { change in
            switch change {
            case .insert(let place, let line, _): "+\(place + 1): \(line)"
            case .remove(let place, let line, _): "-\(place + 1): \(line)"
            }
        }
        return changes.prefix(40).joined(separator: "\n")
    }

    /// Expects that `pg_dump --schema-only` says the same of two databases, owners and grants included.
    ///
    /// - Parameters:
    ///   - restored: The database that was made from the other one.
    ///   - source: The other one.
    ///   - location: Where a difference is reported.
    /// - Throws: ``ScratchDatabaseError`` with what `pg_dump` said.
    public static func expectSchema(
        of restored: ConnectionSettings,
        equals source: ConnectionSettings,
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        let difference = try await difference(from: source, to: restored)
        #expect(difference.isEmpty, "\(difference)", sourceLocation: location)
    }
}
