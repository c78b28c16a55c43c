import Synchronization
import Testing

@testable import ArchiveRepository

/// A clock that only pauses move.
final class PausingClock: Sendable {
    private let state = Mutex((now: Duration.zero, pauses: [Duration]()))

    var pauses: [Duration] { state.withLock { $0.pauses } }

    /// A policy whose pauses take no time.
    ///
    /// - Parameters:
    ///   - limit: How long failures are repeated.
    ///   - random: The share of each bound that a pause takes.
    ///   - attempt: How long each look at the clock takes, so that attempts take time as well.
    /// - Returns: The policy.
    func policy(_ limit: Duration = .seconds(60), random: Double = 1, attempt: Duration = .zero) -> RetryPolicy {
        RetryPolicy(
            limit: limit,
            now: {
                self.state.withLock { state in
                    state.now += attempt
                    return state.now
                }
            },
            sleep: { pause in
                self.state.withLock { state in
                    state.now += pause
                    state.pauses.append(pause)
                }
            },
            random: { random }
        )
    }
}

@Suite("Retries")
struct RetryPolicyTests {
    @Test func `the bound doubles up to the longest pause`() {
        let policy = RetryPolicy(firstPause: .milliseconds(100), longestPause: .seconds(2))
        let bounds = (1...7).map { policy.bound(after: $0) }
        #expect(bounds == [100, 200, 400, 800, 1_600, 2_000, 2_000].map { .milliseconds($0) })
        #expect(policy.bound(after: 1_000_000) == .seconds(2) && policy.bound(after: 0) == .milliseconds(100))
    }

    @Test func `pauses are a random share of the bound`() {
        for share in [0, 0.25, 1] {
            let clock = PausingClock()
            var retries = Retries(clock.policy(random: share))
            let goesOn = (0..<4).map { _ in retries.pause() }
            #expect(goesOn == [true, true, true, true])
            #expect(clock.pauses == [200, 400, 800, 1_600].map { .milliseconds($0) * share })
        }
    }

    @Test func `time ends it, not the number of attempts`() {
        let clock = PausingClock()
        var retries = Retries(clock.policy(.seconds(60)))
        while retries.pause() {}
        let total = clock.pauses.reduce(.zero, +)
        #expect(total < .seconds(60) && total > .seconds(50))
        let slow = PausingClock()
        var slowRetries = Retries(slow.policy(.seconds(60), attempt: .seconds(25)))
        while slowRetries.pause() {}
        #expect(slow.pauses.count == 3)
    }

    @Test func `a server's wish is heeded up to the longest pause`() {
        let clock = PausingClock()
        var retries = Retries(clock.policy(random: 0))
        let goesOn = [3, 3_600].map { retries.pause(asked: .seconds($0)) }
        #expect(goesOn == [true, true])
        #expect(clock.pauses == [.seconds(3), .seconds(8)])
    }

    @Test func `progress starts the time anew`() {
        let clock = PausingClock()
        var retries = Retries(clock.policy(.seconds(1)))
        let before = (0..<3).map { _ in retries.pause() }
        retries.progress()
        let after = retries.pause()
        #expect(before == [true, true, false] && after && retries.failures == 1)
    }

    @Test func `without time nothing is repeated`() {
        let clock = PausingClock()
        var retries = Retries(clock.policy(.zero, random: 0))
        let goesOn = retries.pause()
        #expect(!goesOn && clock.pauses.isEmpty)
    }
}
