public import LocalPostgres
public import Testing

/// Gives each test its own Supabase-shaped database, dropped afterwards, so that tests run in parallel.
///
/// On a machine without PostgreSQL the test is skipped with the reason; with `CI=true` it fails.
public struct ScratchDatabaseTrait: TestTrait, SuiteTrait, TestScoping {
    let era: DefaultPrivilegesEra
    var holdsApp = false

    /// Suites hand the trait to each of their tests.
    public var isRecursive: Bool { true }

    /// Tests and their cases get a database; suites as such do not.
    ///
    /// - Parameters:
    ///   - test: The test or suite.
    ///   - testCase: The case of a test.
    /// - Returns: This trait for a case of a test.
    public func scopeProvider(for test: Test, testCase: Test.Case?) -> ScratchDatabaseTrait? {
        testCase == nil ? nil : self
    }

    /// Skips the test where there is no server.
    ///
    /// - Parameter test: The test.
    /// - Throws: The request to skip it.
    public func prepare(for test: Test) async throws {
        guard !test.isSuite, let reason = await ThrowawayServer.reasonToSkip() else { return }
        try Test.cancel("\(reason)")
    }

    /// Runs a test with its database.
    ///
    /// - Parameters:
    ///   - test: The test.
    ///   - testCase: Its case.
    ///   - function: The test's body.
    /// - Throws: What the test throws; the error when no database can be made.
    public func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        await ConnectionSlots.shared.take()
        do {
            let database = try await ScratchDatabase.make(era: era, holdsApp: holdsApp)
            do {
                try await ScratchDatabase.$task.withValue(database) { try await function() }
            } catch {
                await database.drop()
                throw error
            }
            await database.drop()
        } catch {
            await ConnectionSlots.shared.give()
            throw error
        }
        await ConnectionSlots.shared.give()
    }
}

extension Trait where Self == ScratchDatabaseTrait {
    /// A database in which the API roles get all on new tables, as in projects made before 2026.
    public static var scratchDatabase: ScratchDatabaseTrait { ScratchDatabaseTrait(era: .apiRolesGetAll) }

    /// A database of one era of default privileges.
    ///
    /// - Parameter era: What the API roles get on new objects.
    /// - Returns: The trait.
    public static func scratchDatabase(era: DefaultPrivilegesEra) -> ScratchDatabaseTrait {
        ScratchDatabaseTrait(era: era)
    }

    /// A database with the application's own schema: every file of `migrations/` is applied, no policy is.
    public static var appDatabase: ScratchDatabaseTrait {
        ScratchDatabaseTrait(era: .apiRolesGetAll, holdsApp: true)
    }

    /// A database with the application's own schema, of one era of default privileges.
    ///
    /// - Parameter era: What the API roles get on new objects.
    /// - Returns: The trait.
    public static func appDatabase(era: DefaultPrivilegesEra) -> ScratchDatabaseTrait {
        ScratchDatabaseTrait(era: era, holdsApp: true)
    }
}

extension Tag {
    /// Needs a PostgreSQL server.
    @Tag public static var server: Tag
}
