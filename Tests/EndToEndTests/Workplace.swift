import Foundation
import PostgresClient
import PostgresTesting

/// A folder of one test: home, repository, keys and configuration of a user who runs the program there.
final class Workplace: Sendable {
    let folder: URL
    let repository: URL
    let identity: URL
    let program: WheelsProgram

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("wheels-e2e-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        repository = folder.appendingPathComponent("repository")
        identity = folder.appendingPathComponent("app.identity")
        program = WheelsProgram(
            folder: folder,
            variables: [
                "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": folder.path,
                "TMPDIR": folder.path, "LC_ALL": "C.UTF-8",
            ]
        )
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// The folder of this package.
    static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Runs the program; the URL of the database goes by environment, as in production.
    func run(_ arguments: [String], on settings: ConnectionSettings? = nil) async throws -> WheelsProgram.Outcome {
        try await program.run(arguments, adding: Self.variables(settings))
    }

    /// Starts the program.
    func start(
        _ arguments: [String],
        on settings: ConnectionSettings? = nil,
        launcher: [String] = []
    ) throws -> RunningProgram {
        try program.start(arguments, adding: Self.variables(settings), launcher: launcher)
    }

    static func variables(_ settings: ConnectionSettings?) -> [String: String] {
        settings.map { ["DATABASE_URL": $0.url] } ?? [:]
    }

    /// The options that name repository and identity.
    var keys: [String] { ["--repository", repository.path, "--identity", identity.path] }

    /// Makes the repository with a new identity.
    func makeRepository(at place: URL? = nil) async throws -> WheelsProgram.Outcome {
        let place = place ?? repository
        return try await run([
            "repository", "init", "--repository", place.path, "--new-identity", identity.path, "--json",
        ])
    }

    /// Makes a backup.
    func backUp(_ settings: ConnectionSettings) async throws -> WheelsProgram.Outcome {
        try await run(["backup", "create", "--repository", repository.path, "--json"], on: settings)
    }

    /// Restores the newest backup.
    func restore(into settings: ConnectionSettings, _ more: [String] = []) async throws -> WheelsProgram.Outcome {
        try await run(["restore", "run", "latest", "--yes", "--json"] + more + keys, on: settings)
    }

    /// Writes a file and returns its path.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String { try write(Data(text.utf8), to: name) }

    /// Writes a file and returns its path.
    @discardableResult
    func write(_ bytes: Data, to name: String) throws -> String {
        let file = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try bytes.write(to: file)
        return file.path
    }

    /// The files of the repository with their sizes, temporary ones included.
    func objects() -> [String: Int] {
        let names = FileManager.default.enumerator(atPath: repository.path)?.compactMap { $0 as? String } ?? []
        return names.reduce(into: [:]) { sizes, name in
            // In the ledger of egress runs that fail have an entry too: what they received, they received.
            if name.hasPrefix("egress/") { return }
            // A file that a run removes in this moment is none of the repository's.
            let path = repository.appendingPathComponent(name).path
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            if attributes?[.type] as? FileAttributeType == .typeRegular {
                sizes[name] = attributes?[.size] as? Int ?? 0
            }
        }
    }
}
