import Diagnostics
import Foundation
import SealedStreams
import Testing

@testable import ArchiveRepository

@Suite("Claims")
struct ClaimTests {
    private func locked(_ keeper: ClaimKeeper, _ purpose: ClaimPurpose = .backup) -> RepositoryError? {
        do {
            try keeper.take(purpose, command: "second").release()
            return nil
        } catch { return error as? RepositoryError }
    }

    @Test func `a second run is locked and told about the first`() throws {
        let repository = try TestRepository()
        let first = try repository.keeper(process: .test(pid: 4711)).take(.backup, command: "backup create")
        let error = try #require(locked(repository.keeper(process: .test(pid: 4712))))
        #expect(error.failureClass == .locked && error.code == "repository.locked")
        for word in ["backup create", "\(first.run)", "process 4711 on db1", "2027-01-15T08:00:00Z"] {
            #expect(error.summary.contains(word), "\(word) in \(error.summary)")
        }
        first.release()
        #expect(locked(repository.keeper()) == nil)
        #expect(try repository.store.list("claims/").isEmpty)
    }

    @Test(arguments: [
        (ClaimPurpose.backup, ClaimPurpose.backup, true), (.backup, .prune, true), (.prune, .backup, true),
        (.prune, .prune, true), (.undelete, .prune, true), (.backup, .undelete, false), (.undelete, .backup, false),
        (.undelete, .undelete, false), (.keys, .backup, true), (.keys, .undelete, true),
    ])
    func `who excludes whom`(first: ClaimPurpose, second: ClaimPurpose, isLocked: Bool) throws {
        let repository = try TestRepository()
        let held = try repository.keeper().take(first, command: "first")
        #expect((locked(repository.keeper(), second) != nil) == isLocked)
        held.release()
    }

    @Test func `without the right to delete a claim is released by an object of its own`() throws {
        let repository = try TestRepository()
        repository.store.setMayDelete(false)
        let first = try repository.keeper().take(.backup, command: "backup create")
        first.release()
        #expect(
            try repository.store.list("claims/").map(\.name.description) == [
                "claims/\(first.run)/1", "claims/\(first.run)/released",
            ])
        let second = try repository.keeper().take(.backup, command: "backup create")
        second.release()
        repository.store.setMayDelete(true)
        try repository.keeper().take(.prune, command: "backup prune").release()
        #expect(try repository.store.list("claims/").isEmpty)
    }

    @Test func `a claim is dead half an hour after its last sign of life, by the store's clock`() throws {
        let repository = try TestRepository()
        let first = try repository.keeper().take(.backup, command: "backup create")
        repository.clock.advance(1_000)
        try first.renew()
        repository.clock.advance(1_799)
        #expect(locked(repository.keeper()) != nil)
        repository.clock.advance(2)
        let second = try repository.keeper().take(.backup, command: "backup create")
        // The first one wakes up: it finds out before it commits.
        #expect(failureClass { try first.requireHeld() } == .locked)
        #expect(failureClass { try first.confirm() } == .locked)
        try second.confirm()
        second.release()
    }

    @Test func `a run that was found dead stops even when it does not know how long it slept`() throws {
        for mayDelete in [true, false] {
            let repository = try TestRepository()
            repository.store.setMayDelete(mayDelete)
            let sleeper = ClaimKeeper(
                records: repository.records, process: .test(pid: 1), timing: ClaimTiming(), uptime: { .zero },
                pause: { _ in })
            let first = try sleeper.take(.backup, command: "backup create")
            repository.clock.advance(2_000)
            let second = try repository.keeper(process: .test(pid: 2)).take(.prune, command: "backup prune")
            let error = #expect(throws: RepositoryError.self) { try first.confirm() }
            #expect(error?.code == "repository.claim-lost")
            #expect(failureClass { try first.requireHeld() } == .locked, "lost is lost")
            second.release()
        }
    }

    @Test func `a backup whose claim was lost commits nothing, and removes nothing that others may use`() throws {
        let repository = try TestRepository()
        let claim = try repository.keeper().take(.backup, command: "backup create")
        let run = try repository.writer.beginRun(claim: claim)
        let bytes = Array("rows".utf8)
        let object = try unsafe run.store(bytes.span.bytes, kind: .chunk, codec: ObjectTransfer.rowsCodec)
        repository.clock.advance(2_000)
        let other = try repository.keeper(process: .test(pid: 2)).take(.prune, command: "backup prune")
        #expect(failureClass { try run.commit(manifest: [1]) } == .locked)
        run.abandon()
        #expect(try repository.repository.backups().isEmpty)
        #expect(try repository.store.size(of: object.name) != nil)
        other.release()
    }

    @Test func `a run gives itself up before others may go on`() throws {
        let repository = try TestRepository()
        let held = try repository.keeper().take(.backup, command: "backup create")
        repository.clock.advance(25 * 60)
        try held.requireHeld()
        repository.clock.advance(1)
        #expect(failureClass { try held.requireHeld() } == .locked)
        #expect(locked(repository.keeper()) != nil, "for the others it still lives")
    }

    @Test func `a store that does not answer is no lost claim`() throws {
        let repository = try TestRepository()
        let held = try repository.keeper().take(.backup, command: "backup create")
        repository.store.die(afterCalls: 0)
        #expect(failureClass { try held.confirm() } == .unreachable)
        repository.store.die(afterCalls: .max)
        try held.confirm()
        held.release()
    }

    @Test func `a process that is gone from this boot and container is dead at once`() throws {
        let here = RunningProcess.current()
        try #require(here.boot != nil && here.namespace != nil)
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/bin/sleep")
        child.arguments = ["60"]
        try child.run()
        func process(pid: Int32, boot: String?, namespace: String?, start: String? = nil) -> RunningProcess {
            RunningProcess(host: here.host, boot: boot, namespace: namespace, pid: pid, startTick: start)
        }
        let running = process(pid: child.processIdentifier, boot: here.boot, namespace: here.namespace)
        let reused = process(pid: child.processIdentifier, boot: here.boot, namespace: here.namespace, start: "1")
        #expect(!here.knowsGone(here) && !here.knowsGone(running))
        #expect(here.knowsGone(reused), "another process has its number now")
        // A shell may have passed on that SIGTERM is ignored.
        kill(child.processIdentifier, SIGKILL)
        child.waitUntilExit()
        #expect(here.knowsGone(running))
        #expect(!here.knowsGone(process(pid: child.processIdentifier, boot: "other", namespace: here.namespace)))
        #expect(!here.knowsGone(process(pid: child.processIdentifier, boot: here.boot, namespace: "pid:[1]")))
        #expect(!here.knowsGone(process(pid: child.processIdentifier, boot: nil, namespace: nil)))

        let repository = try TestRepository()
        _ = try repository.keeper(process: running).take(.backup, command: "backup create")
        #expect(locked(repository.keeper(process: .test(pid: 1))) != nil, "another machine cannot know")
        #expect(locked(repository.keeper(process: here)) == nil)
    }

    @Test func `a forged claim holds nobody up and makes no dead one live`() throws {
        let repository = try TestRepository()
        let stranger = try TestRepository()
        let foreign = try stranger.keeper().take(.backup, command: "evil")
        for entry in try stranger.store.list("claims/") {
            repository.store.overwrite(entry.name, try #require(stranger.store.objects[entry.name]).bytes)
        }
        let first = try repository.keeper().take(.backup, command: "backup create")
        let states = try ClaimBoard(records: repository.records).claims(without: first.run).map(\.state)
        guard case .void = states.first else { return #expect(Bool(false), "\(states)") }

        // Its next sign of life is forged, later, and its end is forged too.
        let sign = try #require(stranger.store.objects[try Layout.claim(of: foreign.run, number: 1)]).bytes
        repository.store.overwrite(try Layout.release(of: first.run), sign)
        #expect(locked(repository.keeper()) != nil, "a forged end ends nothing")
        repository.clock.advance(1_801)
        repository.store.overwrite(try Layout.claim(of: first.run, number: 9), sign)
        #expect(locked(repository.keeper()) == nil)
    }

    @Test func `a renewal goes around names that are taken`() throws {
        let repository = try TestRepository()
        let held = try repository.keeper().take(.backup, command: "backup create")
        repository.store.overwrite(try Layout.claim(of: held.run, number: 2), [1, 2, 3])
        try held.renew()
        #expect(try repository.store.size(of: Layout.claim(of: held.run, number: 3)) != nil)
        held.release()
        #expect(try repository.store.list("claims/").isEmpty)
    }

    @Test func `a claim of other keys of the repository holds up until it is old or released`() throws {
        let repository = try TestRepository()
        let made = try repository.repository.newGeneration(passphrase: nil)
        let other = try repository.repository.writer(key: made.generation.writerKey)
        let keeper = ClaimKeeper(
            records: SealedRecords(writer: other), process: .test(pid: 9), timing: ClaimTiming(), uptime: { .zero },
            pause: { _ in })
        repository.store.setMayDelete(false)
        let first = try keeper.take(.undelete, command: "backup undelete")
        #expect(locked(repository.keeper()) != nil, "what it is for cannot be read, so it excludes everybody")
        first.release()
        #expect(locked(repository.keeper()) == nil)
        _ = try keeper.take(.undelete, command: "backup undelete")
        repository.clock.advance(1_801)
        #expect(locked(repository.keeper()) == nil)
    }

    @Test func `of many that come at the same moment one at a time is at work`() async throws {
        let repository = try TestRepository()
        let atWork = Counter()
        let won = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<8 {
                let keeper = ClaimKeeper(
                    records: repository.records,
                    process: .test(pid: Int32(number + 1)),
                    timing: ClaimTiming(),
                    uptime: { .zero },
                    pause: { Thread.sleep(forTimeInterval: $0 / .seconds(50)) }
                )
                group.addTask {
                    guard let held = try? keeper.take(.backup, command: "backup \(number)") else { return false }
                    atWork.enter()
                    let isStill = (try? held.confirm()) != nil
                    atWork.leave()
                    held.release()
                    return isStill
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(atWork.most == 1)
        #expect(won >= 1)
        #expect(try repository.store.list("claims/").isEmpty)
    }

    @Test func `two that see each other both withdraw and try again`() throws {
        let repository = try TestRepository()
        let keeper = repository.keeper(process: .test(pid: 2))
        let second = Counter()
        // At the moment when the first has looked and puts its claim, the second puts its own.
        repository.store.setOnPut { name in
            guard case .claim(_, number: 1) = ObjectRole(name), second.enter() == 1 else { return }
            let now = repository.clock.now
            guard let run = try? BackupID(now: now) else { return }
            let record = ClaimRecord(
                purpose: .backup, command: "second", process: .test(pid: 3), started: now, at: now)
            try? HeldClaim(keeper: keeper, run: run, record: record).begin()
            if let name = try? Layout.release(of: run) { second.remember(name) }
        }
        let pauses = Counter()
        let first = ClaimKeeper(
            records: repository.records, process: .test(pid: 1), timing: ClaimTiming(), uptime: { .zero },
            pause: { _ in
                pauses.enter()
                // The second has seen the first one and withdrawn too.
                guard let name = second.name else { return }
                try? repository.records.put(
                    ClaimRelease(at: repository.clock.now, foundDeadBy: nil), as: name, kind: .claim)
            })
        let held = try first.take(.backup, command: "first")
        #expect(pauses.most == 1)
        #expect(
            try ClaimBoard(records: repository.records).claims().filter { $0.state == .live }.map(\.run) == [held.run])
        held.release()
    }

    @Test func `a claim renews itself`() async throws {
        let repository = try TestRepository()
        var timing = ClaimTiming()
        timing.renewal = .milliseconds(5)
        let held = try repository.keeper(timing: timing).take(.backup, command: "backup create")
        let deadline = ContinuousClock.now + .seconds(20)
        let third = try Layout.claim(of: held.run, number: 3)
        while repository.store.objects[third] == nil, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(5))
        }
        #expect(repository.store.objects[third] != nil)
        held.release()
        #expect(failureClass { try held.requireHeld() } == .locked)
        #expect(try repository.store.list("claims/").isEmpty)
    }
}

/// How many are in a place, and how many there were at most.
///
/// `@unchecked`: everything is touched under `lock` alone.
final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var inside = 0
    private var highest = 0
    private var remembered: BlobName?

    var most: Int { lock.withLock { highest } }
    var name: BlobName? { lock.withLock { remembered } }
    func remember(_ name: BlobName) { lock.withLock { remembered = name } }
    func leave() { lock.withLock { inside -= 1 } }

    @discardableResult
    func enter() -> Int {
        lock.withLock {
            inside += 1
            highest = max(highest, inside)
            return inside
        }
    }
}
