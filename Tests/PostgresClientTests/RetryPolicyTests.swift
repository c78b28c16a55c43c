import PostgresClient
import Testing

@Suite("Retry policy")
struct RetryPolicyTests {
    private let policy = RetryPolicy(limit: .seconds(60), firstPause: .milliseconds(200), longestPause: .seconds(8))

    @Test(arguments: [(1, 200), (2, 400), (3, 800), (6, 6400), (7, 8000), (8, 8000), (10_000, 8000)])
    func `pauses double up to the longest`(failures: Int, milliseconds: Int) {
        let pause = policy.pause(afterFailures: failures, elapsed: .zero, jitter: 1)
        #expect(pause == .milliseconds(milliseconds))
    }

    @Test func `jitter takes off up to half`() {
        #expect(policy.pause(afterFailures: 1, elapsed: .zero, jitter: 0) == .milliseconds(100))
        #expect(policy.pause(afterFailures: 1, elapsed: .zero, jitter: 0.5) == .milliseconds(150))
    }

    @Test func `no attempt begins after the limit`() {
        #expect(policy.pause(afterFailures: 9, elapsed: .seconds(52), jitter: 1) == .seconds(8))
        #expect(policy.pause(afterFailures: 9, elapsed: .milliseconds(52_001), jitter: 1) == nil)
        #expect(policy.pause(afterFailures: 1, elapsed: .seconds(60), jitter: 0) == nil)
    }

    @Test func `none is one attempt`() {
        #expect(RetryPolicy.none.pause(afterFailures: 1, elapsed: .zero, jitter: 0) == nil)
        #expect(RetryPolicy.unattended.limit == .seconds(60))
    }
}
