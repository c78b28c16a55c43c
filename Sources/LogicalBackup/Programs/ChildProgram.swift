import Foundation
import Synchronization

/// Runs a program and waits for it without holding a thread of the cooperative pool.
package enum ChildProgram: Sendable {
    /// What a program left behind.
    package struct Outcome: Sendable {
        package let status: Int32
        package let output: String
        package let errors: String
    }

    /// Runs a program to its end; a cancelled task terminates it.
    ///
    /// - Parameters:
    ///   - path: The program.
    ///   - arguments: Its arguments; never a secret, for every user can list them.
    ///   - environment: All its variables.
    ///   - onStart: Gets the process id as soon as the program runs.
    /// - Returns: How it ended and what it printed.
    /// - Throws: A Foundation error when the program cannot be started; `CancellationError` when the task was cancelled
    ///   before.
    package static func run(
        _ path: String,
        _ arguments: [String],
        environment: [String: String],
        onStart: @escaping @Sendable (Int32) -> Void = { _ in }
    ) async throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        let running = RunningProcess(process)
        return try await withTaskCancellationHandler {
            async let outputBytes = drained(output)
            async let errorBytes = drained(errors)
            let status: Int32
            do { status = try await running.statusAtEnd(onStart) } catch {
                // Nobody else holds these ends, and the readers wait until they are closed.
                for pipe in [output, errors] { try? pipe.fileHandleForWriting.close() }
                throw error
            }
            return await Outcome(
                status: status,
                output: String(decoding: outputBytes, as: UTF8.self),
                errors: String(decoding: errorBytes, as: UTF8.self)
            )
        } onCancel: {
            running.terminate()
        }
    }

    /// Reads a pipe to its end on a thread of its own.
    private static func drained(_ pipe: Pipe) async -> Data {
        let handle = pipe.fileHandleForReading
        return await withCheckedContinuation { continuation in
            // Not the global queue: on Linux it has only the threads of Swift's own pool.
            DispatchQueue(label: "wheels-db.child-output").async {
                continuation.resume(returning: (try? handle.readToEnd()) ?? Data())
            }
        }
    }
}

/// A process that is ended at most once, whoever asks first.
private final class RunningProcess: Sendable {
    private let process: Mutex<Process>
    /// Set and asked under the lock of `process`.
    private let isUnwanted = Atomic(false)

    init(_ process: sending Process) { self.process = Mutex(process) }

    func statusAtEnd(_ onStart: @Sendable (Int32) -> Void) async throws -> Int32 {
        try await withCheckedThrowingContinuation { continuation in
            process.withLock { process in
                // Ended before it began: a task may be cancelled while it waits for its thread.
                guard !isUnwanted.load(ordering: .relaxed) else {
                    continuation.resume(throwing: CancellationError())
                    return
                }
                process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
                do {
                    try Self.withSignalsUnblocked { try process.run() }
                    onStart(process.processIdentifier)
                } catch {
                    process.terminationHandler = nil
                    continuation.resume(throwing: error)
                }
            }
        }
    }

    /// Threads of Dispatch block every signal, and a child inherits that: it could not be terminated.
    private static func withSignalsUnblocked(_ body: () throws -> Void) rethrows {
        var none = sigset_t()
        var before = sigset_t()
        unsafe sigemptyset(&none)
        unsafe pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        try body()
    }

    func terminate() {
        process.withLock { process in
            isUnwanted.store(true, ordering: .relaxed)
            if process.isRunning { process.terminate() }
        }
    }
}
