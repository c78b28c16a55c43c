import Foundation
import Glibc
import PostgresClient
import PostgresTesting
import Testing

@Suite("The end of a terminal", .tags(.server))
struct HangUpTests {
    /// A backup that waits for a lock, and the session that holds it.
    private func waitingBackup(_ work: Workplace, launcher: [String] = []) async throws -> (RunningProgram, Session) {
        let scratch = try ScratchDatabase.current
        let holder = try await scratch.session()
        try await holder.executeScript("create table public.held (id int)")
        #expect(try await work.makeRepository().status == 0)
        try await holder.execute("begin")
        try await holder.execute("lock table public.held in access exclusive mode")
        let run = try work.start(
            ["backup", "create", "--repository", work.repository.path], on: scratch.settings, launcher: launcher)
        let observer = try await scratch.session()
        let waits = try await eventually {
            try await observer.query(
                "select count(*)::text from pg_locks where not granted and relation = 'public.held'::regclass"
            ).first?[0] == "1"
        }
        #expect(waits)
        return (run, holder)
    }

    @Test(.scratchDatabase, arguments: [SIGHUP, SIGTERM])
    func `a run whose terminal is closed cleans up and ends with 130`(signal: Int32) async throws {
        let work = try Workplace()
        let (run, holder) = try await waitingBackup(work)
        // The claim of the run goes with it.
        let objects = work.objects().filter { !$0.key.hasPrefix("claims/") }
        run.send(signal)
        let outcome = try await run.outcome()
        #expect(outcome.status == 130, "\(outcome)")
        #expect(work.objects() == objects)
        try await holder.execute("rollback")
    }

    @Test(.scratchDatabase) func `a run under nohup goes on`() async throws {
        let work = try Workplace()
        let (run, holder) = try await waitingBackup(
            work, launcher: ["/bin/sh", "-c", "trap '' HUP; exec \"$@\"", "sh"])
        run.send(SIGHUP)
        try await holder.execute("rollback")
        let outcome = try await run.outcome()
        #expect(outcome.status == 0, "\(outcome)")
    }
}
