import PostgresTypes
import Testing

extension ApiSession {
    /// Expects what a statement comes to, for each of some people.
    ///
    /// - Parameters:
    ///   - expected: What it should come to.
    ///   - people: Who runs it.
    ///   - preparation: What role `postgres` runs first.
    ///   - metadata: What they wrote into their tokens.
    ///   - statement: The statement.
    ///   - place: Where the test is.
    /// - Throws: `PostgresError` when the connection is lost.
    func expect(
        _ expected: Outcome,
        as people: [Person],
        after preparation: String = "",
        metadata: String = "{}",
        _ statement: String,
        at place: SourceLocation = #_sourceLocation
    ) async throws {
        for person in people {
            let outcome = try await run(as: person, after: preparation, metadata: metadata, statement)
            #expect(outcome == expected, "\(person.rawValue): \(statement)", sourceLocation: place)
        }
    }

    /// Expects what a statement comes to.
    func expect(
        _ expected: Outcome,
        as person: Person,
        after preparation: String = "",
        metadata: String = "{}",
        _ statement: String,
        at place: SourceLocation = #_sourceLocation
    ) async throws {
        try await expect(expected, as: [person], after: preparation, metadata: metadata, statement, at: place)
    }

    /// Expects that a statement fails for another reason than a want of rights.
    func expect(
        error state: SQLState,
        as person: Person,
        _ statement: String,
        at place: SourceLocation = #_sourceLocation
    ) async throws {
        let outcome = try await run(as: person, statement)
        guard case .failed(state, _) = outcome else {
            Issue.record("\(person.rawValue): \(statement): \(outcome)", sourceLocation: place)
            return
        }
    }

    /// Expects the first fields of the rows that a person's query returns.
    ///
    /// - Parameters:
    ///   - expected: The fields.
    ///   - person: Who asks.
    ///   - preparation: What role `postgres` runs first.
    ///   - metadata: What the person wrote into the token.
    ///   - query: The query.
    ///   - place: Where the test is.
    /// - Throws: `PostgresError` when the connection is lost.
    func expect(
        seen expected: [String],
        as person: Person,
        after preparation: String = "",
        metadata: String = "{}",
        _ query: String,
        at place: SourceLocation = #_sourceLocation
    ) async throws {
        let answer = try await read(as: person, after: preparation, metadata: metadata, query)
        #expect(answer == .success(expected), "\(person.rawValue): \(query)", sourceLocation: place)
    }
}
