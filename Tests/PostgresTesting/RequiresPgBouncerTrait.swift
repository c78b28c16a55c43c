import Foundation
public import Testing

/// For tests with a real PgBouncer: skipped with the reason where it is not installed.
///
/// With `CI=true` the test runs, and fails with the same reason.
public struct RequiresPgBouncerTrait: TestTrait, SuiteTrait {
    /// Suites hand the trait to each of their tests.
    public var isRecursive: Bool { true }

    /// Skips the test where there is no PgBouncer.
    ///
    /// - Parameter test: The test.
    /// - Throws: The request to skip it.
    public func prepare(for test: Test) async throws {
        guard
            !test.isSuite, PgBouncer.program == nil, ProcessInfo.processInfo.environment["CI"] != "true"
        else { return }
        try Test.cancel("\(PgBouncer.missing)")
    }
}

extension Trait where Self == RequiresPgBouncerTrait {
    /// Needs PgBouncer on this machine.
    public static var requiresPgBouncer: RequiresPgBouncerTrait { RequiresPgBouncerTrait() }
}
