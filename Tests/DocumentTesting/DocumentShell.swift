import Foundation

/// Runs the console blocks of one document in one shell, as a reader does who follows it from top to bottom.
///
/// The shell begins in an empty folder that holds copies of `migrations/`, `policies/`, `Examples/` and the models, with a home directory of its
/// own and the built `wheels-db` first in `PATH`. It is no terminal. Embedded servers that the document leaves running
/// are stopped.
public struct DocumentShell: Sendable {
    /// What a step printed that it should not, or how it ended otherwise.
    public struct Deviation: Sendable, Hashable, CustomStringConvertible {
        /// The place, the command, what the document says, and what happened.
        public let description: String
    }

    private let folder: TemporaryFolder
    private var work: String { folder.path + "/work" }
    private var steps: String { folder.path + "/steps" }

    /// The folder that the built programs are in: that of the running test.
    public static var programs: String {
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
        return own
    }

    /// Runs the steps of a document.
    ///
    /// - Parameters:
    ///   - transcripts: The blocks, in the document's order.
    ///   - file: The document, for messages.
    /// - Returns: What is otherwise than the document says; empty when all is true.
    /// - Throws: An error of Foundation when the shell cannot be run.
    public static func deviations(of transcripts: [ConsoleTranscript], file: String) async throws -> [Deviation] {
        let shell = DocumentShell(folder: try TemporaryFolder(named: "document"))
        defer { shell.folder.remove() }
        let all = transcripts.flatMap(\.steps)
        try shell.prepare(all)
        do {
            let result = try await shell.program("bash", ["-c", Self.runner]).run()
            var found = try shell.compare(all, file: file)
            if result.status != 0 { found.append(Deviation(description: "\(file): \(result.output)")) }
            return found + (try await shell.stopServers())
        } catch {
            _ = try? await shell.stopServers()
            throw error
        }
    }

    /// Every step is read into the same shell, so that variables and the folder stay.
    private static let runner = """
        for wheels_step in "$WHEELS_STEPS"/*.sh; do
            . "$wheels_step" >"${wheels_step%.sh}.out" 2>&1 </dev/null
            echo "$?" >"${wheels_step%.sh}.status"
        done
        """

    private func prepare(_ all: [ConsoleTranscript.Step]) throws {
        let files = FileManager.default
        for path in [work, steps, folder.path + "/home"] {
            try files.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        try files.createDirectory(atPath: "\(work)/Sources/DataModels", withIntermediateDirectories: true)
        for name in ["migrations", "policies", "Examples", "Sources/DataModels/Tables"] {
            try files.copyItem(atPath: "\(RepositoryTree.root)/\(name)", toPath: "\(work)/\(name)")
        }
        for (index, step) in all.enumerated() {
            try (step.command + "\n").write(toFile: path(of: index, "sh"), atomically: false, encoding: .utf8)
        }
    }

    private func path(of index: Int, _ ending: String) -> String {
        let digits = String(index)
        return "\(steps)/\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits).\(ending)"
    }

    private func program(_ name: String, _ arguments: [String], in place: String? = nil) -> Program {
        var program = Program(name, arguments)
        let inherited = ProcessInfo.processInfo.environment
        program.environment = [
            "PATH": "\(Self.programs):\(inherited["PATH"] ?? "/usr/bin:/bin")", "HOME": "\(folder.path)/home",
            "LANG": "C.UTF-8", "TZ": "UTC", "WHEELS_STEPS": steps,
        ]
        program.environment["TMPDIR"] = inherited["TMPDIR"]
        program.folder = place ?? work
        program.seconds = 300
        return program
    }

    private func compare(_ all: [ConsoleTranscript.Step], file: String) throws -> [Deviation] {
        var found: [Deviation] = []
        for (index, step) in all.enumerated() {
            let place = "\(file):\(step.line): $ \(step.command)"
            guard let status = try? String(contentsOfFile: path(of: index, "status"), encoding: .utf8) else {
                found.append(Deviation(description: "\(place)\nwas not run to its end: the shell ended before"))
                break
            }
            let printed = try String(contentsOfFile: path(of: index, "out"), encoding: .utf8)
            let code = Int32(status.filter { !$0.isWhitespace })
            if code == step.exitStatus, step.output.matches(printed) { continue }
            found.append(
                Deviation(
                    description: """
                        \(place)
                        --- the document says, with exit status \(step.exitStatus):
                        \(step.output)
                        --- it printed, with exit status \(status.filter { !$0.isWhitespace }):
                        \(Self.shortened(printed))
                        """
                )
            )
        }
        return found
    }

    /// The beginning and the end of a long output.
    private static func shortened(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count > 60 else { return text }
        return (lines.prefix(40) + ["(\(lines.count - 50) lines)"] + lines.suffix(10)).joined(separator: "\n")
    }

    /// Stops every embedded server below the working folder; one that does not stop is a deviation too.
    private func stopServers() async throws -> [Deviation] {
        var found: [Deviation] = []
        let paths = FileManager.default.enumerator(atPath: work)?.compactMap { $0 as? String } ?? []
        for path in [""] + paths where path.isEmpty || path.hasSuffix("/.wheels") || path == ".wheels" {
            let place = path.isEmpty ? work : URL(fileURLWithPath: "\(work)/\(path)").deletingLastPathComponent().path
            let result = try await program("wheels-db", ["local", "stop"], in: place).run()
            if result.status != 0 { found.append(Deviation(description: "local stop in \(path): \(result.output)")) }
        }
        return found
    }
}
