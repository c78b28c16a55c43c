public import Testing

/// For tests with a real SeaweedFS: skipped with the reason where it is not installed.
///
/// With `CI=true` the test runs, and fails with the same reason.
public struct RequiresObjectStoreTrait: TestTrait, SuiteTrait {
    /// Suites hand the trait to each of their tests.
    public var isRecursive: Bool { true }

    /// Skips the test where there is no SeaweedFS.
    ///
    /// - Parameter test: The test.
    /// - Throws: The request to skip it.
    public func prepare(for test: Test) async throws {
        guard !test.isSuite, !ObjectStore.isExpected else { return }
        try Test.cancel("\(SeaweedFS.missing)")
    }
}

extension Trait where Self == RequiresObjectStoreTrait {
    /// Needs SeaweedFS on this machine.
    public static var requiresObjectStore: RequiresObjectStoreTrait { RequiresObjectStoreTrait() }
}
