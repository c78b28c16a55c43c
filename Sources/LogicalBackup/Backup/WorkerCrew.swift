import Synchronization

/// Which of a backup's workers are still there: they become fewer when others need their connections, never fewer than one.
final class WorkerCrew: Sendable {
    private struct State {
        var present: Set<Int>
        var wanted: Int
    }

    private let state: Mutex<State>

    /// A crew.
    ///
    /// - Parameter count: How many there are, at least one.
    init(count: Int) { state = Mutex(State(present: Set(0..<count), wanted: count)) }

    /// The places of those who are there, in order.
    var present: [Int] { state.withLock { $0.present.sorted() } }

    /// Asks for one worker less.
    ///
    /// - Returns: How many are to stay; `nil` when there is only one left, who stays.
    func shrink() -> Int? {
        state.withLock { state in
            guard state.wanted > 1 else { return nil }
            state.wanted -= 1
            return state.wanted
        }
    }

    /// Whether a worker has to go; he is gone then.
    ///
    /// - Parameter place: His place.
    /// - Returns: Whether he has to go.
    func dismisses(_ place: Int) -> Bool {
        state.withLock { state in
            guard state.present.count > state.wanted else { return false }
            return state.present.remove(place) != nil
        }
    }
}
