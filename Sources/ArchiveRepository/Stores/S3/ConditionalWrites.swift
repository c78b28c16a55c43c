import Synchronization

/// Whether a store honours `If-None-Match: *`, as far as this process knows.
final class ConditionalWrites: Sendable {
    enum State: Sendable {
        /// Nothing was stored yet.
        case unknown
        /// A second write under a taken name was refused.
        case honoured
        /// A second write under a taken name went through, or the header is not implemented.
        case ignored
    }

    private let current: Mutex<State>

    init(_ state: State = .unknown) { current = Mutex(state) }

    var state: State { current.withLock { $0 } }

    /// Records what was found; what was found first stays.
    func found(_ state: State) {
        current.withLock { current in
            if case .unknown = current { current = state }
        }
    }

    /// Records that the header is refused as such, whatever was thought before.
    func isRefused() { current.withLock { $0 = .ignored } }
}
