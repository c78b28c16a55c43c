import Testing

@testable import LogicalBackup

@Suite("Programs that are run")
struct ChildProgramTests {
    /// Threads of Dispatch block signals, and children inherit it: a dump would go on after Ctrl-C.
    @Test func `end with the task that runs them`() async throws {
        let begin = ContinuousClock.now
        let status = try await withThrowingTaskGroup(of: Int32.self) { group in
            group.addTask {
                try await ChildProgram.run("/bin/sleep", ["60"], environment: [:]).status
            }
            try await Task.sleep(for: .milliseconds(300))
            group.cancelAll()
            return try await group.next()
        }
        #expect(status != 0)
        #expect(ContinuousClock.now - begin < .seconds(20))
    }

    @Test func `say who they are as soon as they run`() async throws {
        let outcome = try await ChildProgram.run("/bin/sh", ["-c", "echo $$"], environment: [:]) { process in
            #expect(process > 1)
        }
        #expect(outcome.status == 0)
    }
}
