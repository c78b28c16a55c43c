import Synchronization

@testable import wheels_db

/// A console that keeps what is printed and answers from a list.
final class RecordedConsole: Sendable {
    private struct State {
        var output = ""
        var error = ""
        var answers: [String]
    }

    private let state: Mutex<State>

    init(answers: [String] = []) {
        state = Mutex(State(answers: answers))
    }

    var output: String { state.withLock { $0.output } }
    var error: String { state.withLock { $0.error } }

    var console: Console {
        Console(
            writeOutput: { text in self.state.withLock { $0.output += text } },
            writeError: { text in self.state.withLock { $0.error += text } },
            readAnswer: { self.state.withLock { $0.answers.isEmpty ? nil : $0.answers.removeFirst() } }
        )
    }
}
