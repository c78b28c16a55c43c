import Foundation

/// A program that a test runs to its end.
public struct Program: Sendable {
    /// How it ended, and what it printed on stdout and stderr together.
    public struct Result: Sendable, Hashable {
        /// The exit status; 124 when the time was up.
        public let status: Int32
        /// What it printed.
        public let output: String
    }

    /// The program's name, found through `PATH`.
    public let name: String
    /// Its arguments.
    public let arguments: [String]
    /// Its variables.
    public var environment: [String: String] = ProcessInfo.processInfo.environment
    /// Where it runs.
    public var folder: String = RepositoryTree.root
    /// How many seconds it may take.
    public var seconds = 120

    /// A program with its arguments.
    ///
    /// - Parameters:
    ///   - name: The name, found through `PATH`.
    ///   - arguments: The arguments.
    public init(_ name: String, _ arguments: [String] = []) {
        self.name = name
        self.arguments = arguments
    }

    /// Runs it; the time limit is `timeout`'s, which ends the program's children too.
    ///
    /// - Parameter input: What it reads on stdin.
    /// - Returns: How it ended.
    /// - Throws: An error of Foundation when it cannot be started.
    public func run(input: String = "") async throws -> Result {
        let scratch = try TemporaryFolder(named: "program")
        defer { scratch.remove() }
        try Data(input.utf8).write(to: URL(fileURLWithPath: scratch.path + "/input"))
        try Data().write(to: URL(fileURLWithPath: scratch.path + "/output"))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["timeout", "--kill-after=10", String(seconds), name] + arguments
        process.environment = environment
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: scratch.path + "/input"))
        let output = try FileHandle(forWritingTo: URL(fileURLWithPath: scratch.path + "/output"))
        process.standardOutput = output
        process.standardError = output
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in done.resume() }
            do { try process.run() } catch { done.resume(throwing: error) }
        }
        let text = try String(contentsOfFile: scratch.path + "/output", encoding: .utf8)
        return Result(status: process.terminationStatus, output: text)
    }
}

/// A folder of a test's own, which others can enter: a server that root starts runs as another user.
public struct TemporaryFolder: Sendable {
    /// Where it is.
    public let path: String

    /// Makes the folder.
    ///
    /// - Parameter name: A word of its name.
    /// - Throws: An error of Foundation when it cannot be made.
    public init(named name: String) throws {
        let base = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        path = "\(base)/wheels-db-\(name)-\(UUID().uuidString.prefix(8).lowercased())"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// Removes it with everything in it.
    public func remove() { try? FileManager.default.removeItem(atPath: path) }
}
