import Diagnostics
import Foundation
import OffPool
import SealedStreams

/// The claim of this run: renewed while the run lasts, checked before it commits, released at its end.
///
/// `@unchecked`: `state` is touched under `lock` alone.
public final class HeldClaim: @unchecked Sendable {
    /// The name of the run, which is also the name of the backup it makes.
    public let run: BackupID
    /// What the run is for.
    public var purpose: ClaimPurpose { record.purpose }
    private let keeper: ClaimKeeper
    private let record: ClaimRecord
    private let lock = NSLock()
    private var state = State()
    private var heartbeat: ClaimHeartbeat?

    private struct State {
        /// The number of the last sign of life; 0 before the first.
        var number = 0
        /// When that was begun, by the clock that only goes forward.
        var renewed = Duration.zero
        var loss: String?
        var isReleased = false
    }

    init(keeper: ClaimKeeper, run: BackupID, record: ClaimRecord) {
        self.keeper = keeper
        self.run = run
        self.record = record
    }

    deinit { heartbeat?.stop() }

    /// Puts the first sign of life.
    func begin() throws { try lock.withLock { try putSign() } }

    func startHeartbeat() {
        let beat = ClaimHeartbeat(timing: keeper.timing) { [weak self] in
            guard let self else { return .over }
            return self.beat()
        }
        lock.withLock { heartbeat = beat }
        beat.start()
    }

    /// Makes sure that the claim was not lost, as far as this process knows: asks no store, costs nothing.
    ///
    /// - Throws: ``RepositoryError`` of class `locked` when it was.
    public func requireHeld() throws {
        try lock.withLock { try requireTrust() }
    }

    /// Makes sure that the claim is held, by a look at the store and a new sign of life: for the moment before a commit.
    ///
    /// The commit has to follow within minutes.
    ///
    /// - Throws: ``RepositoryError`` of class `locked` when the claim was lost; another class when the store does not answer.
    public func confirm() throws { try renew() }

    /// Gives a sign of life, unless the claim was lost meanwhile.
    func renew() throws {
        try lock.withLock {
            try requireTrust()
            try requireStanding()
            try putSign()
        }
    }

    /// Ends the claim.
    ///
    /// Its objects are removed where that is allowed; what stays is cleaned up by the next prune.
    ///
    /// A store that cannot be reached is no error here: the claim ends by itself then.
    public func release() {
        let beat = lock.withLock {
            let beat = heartbeat
            heartbeat = nil
            return beat
        }
        beat?.stop()
        Cancellation.shielded { lock.withLock { putRelease() } }
    }

    // MARK: Under the lock

    private func putRelease() {
        guard !state.isReleased else { return }
        state.isReleased = true
        guard state.number > 0, let now = try? keeper.records.store.now(),
            let name = try? Layout.release(of: run)
        else { return }
        let signs = (1...state.number).compactMap { try? Layout.claim(of: run, number: $0) }
        do {
            try keeper.putUnlessThere(ClaimRelease(at: now, foundDeadBy: nil), as: name)
            keeper.remove(signs + [name])
        } catch { return }
    }

    private func requireTrust() throws {
        if state.isReleased { lose("it was released") }
        let silence = keeper.uptime() - state.renewed
        if silence > keeper.timing.trust {
            lose("it gave no sign of life for \(Int(silence / .seconds(60))) minutes, and others may go on")
        }
        if let loss = state.loss { throw RepositoryError.claimLost(run, loss) }
    }

    /// Looks whether another run has found this one dead, and removed its claim or not.
    private func requireStanding() throws {
        let names = Set(try keeper.records.store.list("\(ClaimBoard.folder)\(run)/").map(\.name))
        let release = try Layout.release(of: run)
        if names.contains(release),
            let found = try? keeper.records.content(ClaimRelease.self, of: release, kind: .claim)
        {
            lose(found.foundDeadBy.map { "run \($0) found it dead" } ?? "it was released")
        } else if !names.contains(try Layout.claim(of: run, number: 1)) {
            lose("its claim was removed from the store")
        }
        if let loss = state.loss { throw RepositoryError.claimLost(run, loss) }
    }

    private func putSign() throws {
        let begin = keeper.uptime()
        let sign = ClaimRecord(
            purpose: record.purpose,
            command: record.command,
            process: record.process,
            started: record.started,
            at: try keeper.records.store.now()
        )
        // A name that is taken was forged, or is a put of ours whose answer was lost: the next one does as well.
        for number in (state.number + 1)...(state.number + 100) {
            do {
                try keeper.records.put(sign, as: try Layout.claim(of: run, number: number), kind: .claim)
                state.number = number
                state.renewed = begin
                return
            } catch let error as any ExplainedError where error.failureClass == .refused { continue }
        }
        throw RepositoryError.claimLost(run, "the names of its next signs of life are taken")
    }

    private func lose(_ reason: String) {
        if state.loss == nil { state.loss = reason }
    }

    private func beat() -> ClaimHeartbeat.Outcome {
        do {
            try renew()
            return .alive
        } catch {
            return lock.withLock { state.loss != nil } ? .over : .again
        }
    }
}
