import Foundation
import Synchronization

/// The built program `wheels-db`, run as users run it: a process with arguments, variables and a folder.
struct WheelsProgram: Sendable {
    /// How a run ended.
    struct Outcome: Sendable, CustomStringConvertible {
        /// The exit status, or 128 and the signal's number.
        let status: Int32
        let output: String
        let errors: String

        var description: String { "exit \(status)\n--- stdout\n\(output)--- stderr\n\(errors)" }

        /// The document that `--json` prints.
        func json() throws -> [String: Any] {
            let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
            return value as? [String: Any] ?? [:]
        }
    }

    /// The program beside the test bundle.
    static let path: String = {
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let beside = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let bundle = Bundle.allBundles.map(\.bundleURL).filter { $0.pathExtension == "xctest" }
            .map { $0.deletingLastPathComponent() }
        let folders = bundle + [beside, tests.deletingLastPathComponent()]
        let places = folders.map { $0.appendingPathComponent("wheels-db").path }
        return places.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "wheels-db"
    }()

    let folder: URL
    let variables: [String: String]

    /// Runs to the end.
    func run(_ arguments: [String], adding more: [String: String] = [:]) async throws -> Outcome {
        try await start(arguments, adding: more).outcome()
    }

    /// Starts a run, directly or by a launcher that runs the command after it, such as `nohup`.
    func start(
        _ arguments: [String],
        adding more: [String: String] = [:],
        launcher: [String] = []
    ) throws -> RunningProgram {
        let command = launcher + [Self.path] + arguments
        return try RunningProgram(command, folder: folder, variables: variables.merging(more) { $1 })
    }
}

/// A run of the program that has not been waited for.
final class RunningProgram: Sendable {
    private let errorFile: URL
    private let outputFile: URL
    private let ended: AsyncStream<Int32>
    let pid: pid_t

    init(_ command: [String], folder: URL, variables: [String: String]) throws {
        let name = UUID().uuidString
        outputFile = folder.appendingPathComponent(".\(name).stdout")
        errorFile = folder.appendingPathComponent(".\(name).stderr")
        for file in [outputFile, errorFile] { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.environment = variables
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        let output = try FileHandle(forWritingTo: outputFile)
        let errors = try FileHandle(forWritingTo: errorFile)
        process.standardOutput = output
        process.standardError = errors
        let (stream, continuation) = AsyncStream<Int32>.makeStream()
        process.terminationHandler = { process in
            let bySignal = process.terminationReason == .uncaughtSignal
            continuation.yield(bySignal ? 128 + process.terminationStatus : process.terminationStatus)
            continuation.finish()
        }
        try process.run()
        // The run has its own; thousands of runs would fill this process's table of files.
        try output.close()
        try errors.close()
        ended = stream
        pid = process.processIdentifier
    }

    /// What it has printed to standard error so far.
    var errorsSoFar: String { (try? String(contentsOf: errorFile, encoding: .utf8)) ?? "" }

    /// Sends a signal to this process only.
    func send(_ signal: Int32) { _ = kill(pid, signal) }

    /// Waits for the end.
    func outcome() async throws -> WheelsProgram.Outcome {
        var status: Int32 = -1
        for await found in ended { status = found }
        return WheelsProgram.Outcome(
            status: status,
            output: String(decoding: try Data(contentsOf: outputFile), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: errorFile), as: UTF8.self)
        )
    }
}

/// Waits for a condition without a fixed pause; the condition's own cost is the pace.
func eventually(within limit: Duration = .seconds(60), _ condition: () async throws -> Bool) async throws -> Bool {
    let clock = ContinuousClock()
    let end = clock.now + limit
    while clock.now < end {
        if try await condition() { return true }
        try await clock.sleep(for: .milliseconds(2))
    }
    return false
}
