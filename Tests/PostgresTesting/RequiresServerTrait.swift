public import Testing

/// For tests that start servers of their own: skipped with the reason where there is no PostgreSQL.
///
/// With `CI=true` the test runs, and fails with the same reason.
public struct RequiresServerTrait: TestTrait, SuiteTrait {
    /// Suites hand the trait to each of their tests.
    public var isRecursive: Bool { true }

    /// Skips the test where there is no server.
    ///
    /// - Parameter test: The test.
    /// - Throws: The request to skip it.
    public func prepare(for test: Test) async throws {
        guard !test.isSuite, let reason = await ThrowawayServer.reasonToSkip() else { return }
        try Test.cancel("\(reason)")
    }
}

extension Trait where Self == RequiresServerTrait {
    /// Needs PostgreSQL's programs on this machine.
    public static var requiresServer: RequiresServerTrait { RequiresServerTrait() }
}
