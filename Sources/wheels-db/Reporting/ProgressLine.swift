import FoundationEssentials
import Synchronization

/// What a progress line counts.
enum ProgressUnit: Sendable {
    case bytes
    case rows
    case steps

    /// An amount in this unit.
    func text(_ amount: Int64) -> String {
        switch self {
        case .bytes: HumanUnits.bytes(amount)
        case .rows: "\(HumanUnits.count(amount)) rows"
        case .steps: HumanUnits.count(amount)
        }
    }
}

/// How far a piece of work is, as a value.
struct ProgressState: Sendable, Equatable {
    let label: String
    let unit: ProgressUnit
    var done: Int64 = 0
    var total: Int64?
    var elapsed: Duration = .zero
    /// What is worked on, such as a table.
    var subject: String?

    /// The time that is left at the rate so far, once there is a rate to speak of.
    var remaining: Duration? {
        guard let total, done > 0, done < total, elapsed >= .seconds(1) else { return nil }
        return elapsed * (Double(total - done) / Double(done))
    }

    /// The state in one line: `label  12.3 MB / 40.0 MB  31 %  8.1 MB/s  3.4 s left  public.trips`.
    var text: String {
        var parts = [label]
        if let total, total > 0 {
            parts.append("\(unit.text(done)) / \(unit.text(total))")
            parts.append("\(min(100, done * 100 / total)) %")
        } else {
            parts.append(unit.text(done))
        }
        if elapsed >= .seconds(1), done > 0 {
            parts.append("\(unit.text(Int64(Double(done) / (elapsed / .seconds(1)))))/s")
        }
        if let remaining { parts.append("\(HumanUnits.duration(remaining)) left") }
        if let subject { parts.append(subject) }
        return parts.joined(separator: "  ")
    }
}

/// When a progress line is due: often on a terminal, every ten seconds elsewhere.
struct ProgressCadence: Sendable {
    let interval: Duration
    private(set) var last: Duration

    init(redrawsLine: Bool) {
        interval = redrawsLine ? .milliseconds(100) : .seconds(10)
        last = redrawsLine ? .zero - interval : .zero
    }

    /// Whether a line is due at a moment after the start, and if so remembers it.
    mutating func isDue(at elapsed: Duration) -> Bool {
        guard elapsed - last >= interval else { return false }
        last = elapsed
        return true
    }
}

/// Prints how far a run is, from any thread.
final class ProgressLine: Sendable {
    private struct Work {
        var state: ProgressState
        var cadence: ProgressCadence
        var isShown = false
    }

    private let work: Mutex<Work>
    private let start = ContinuousClock.now
    private let style: OutputStyle
    private let console: Console

    init(label: String, unit: ProgressUnit, style: OutputStyle, console: Console) {
        let cadence = ProgressCadence(redrawsLine: style.redrawsLine)
        work = Mutex(Work(state: ProgressState(label: label, unit: unit), cadence: cadence))
        self.style = style
        self.console = console
    }

    /// Says how far the work is; prints only when a line is due.
    func update(done: Int64, total: Int64?, subject: String? = nil) {
        if style.isQuiet { return }
        let elapsed = ContinuousClock.now - start
        work.withLock { work in
            work.state.done = done
            work.state.total = total
            work.state.subject = subject
            work.state.elapsed = elapsed
            guard work.cadence.isDue(at: elapsed) else { return }
            work.isShown = true
            console.writeError(line(work.state))
        }
    }

    /// Removes the redrawn line, so that the next message starts at the left edge.
    func finish() {
        work.withLock { work in
            guard work.isShown, style.redrawsLine else { return }
            work.isShown = false
            console.writeError("\r\u{1B}[K")
        }
    }

    private func line(_ state: ProgressState) -> String {
        guard style.redrawsLine else { return "\(Date.now.formatted(.iso8601)) \(state.text)\n" }
        return "\r\u{1B}[K" + state.text.prefix(max(20, style.width - 1))
    }
}
