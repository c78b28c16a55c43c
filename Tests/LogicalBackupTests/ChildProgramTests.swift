import Foundation
import Testing

@testable import LogicalBackup

@Suite("Programs that are run")
struct ChildProgramTests {
    /// Threads of Dispatch block signals, and children inherit it: a dump would go on after Ctrl-C.
    @Test func `end with the task that runs them`() async throws {
        var begin = ContinuousClock.now
        let status = try await withThrowingTaskGroup(of: Int32.self) { group in
            let (starts, start) = AsyncStream<Void>.makeStream()
            group.addTask {
                try await ChildProgram.run("/bin/sleep", ["600"], environment: [:]) { _ in start.finish() }.status
            }
            for await _ in starts {}
            begin = .now
            group.cancelAll()
            return try await group.next()
        }
        #expect(status == SIGTERM)
        #expect(ContinuousClock.now - begin < .seconds(300))
    }

    @Test func `do not begin for a task that was cancelled before`() async throws {
        let begin = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.cancelAll()
            group.addTask {
                await #expect(throws: CancellationError.self) {
                    try await ChildProgram.run("/bin/sleep", ["600"], environment: [:])
                }
            }
            try await group.waitForAll()
        }
        #expect(ContinuousClock.now - begin < .seconds(300))
    }

    @Test func `that are not there are an error`() async throws {
        await #expect(throws: (any Error).self) { try await ChildProgram.run("/no/such/program", [], environment: [:]) }
    }

    @Test func `say who they are as soon as they run`() async throws {
        let outcome = try await ChildProgram.run("/bin/sh", ["-c", "echo $$"], environment: [:]) { process in
            #expect(process > 1)
        }
        #expect(outcome.status == 0)
    }
}
