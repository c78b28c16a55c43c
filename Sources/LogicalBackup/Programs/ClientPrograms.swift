import Diagnostics
import Foundation
import PostgresTypes

/// `pg_dump` and `pg_restore` of one installation.
public struct ClientPrograms: Sendable, Hashable {
    /// The path of `pg_dump`.
    public let dump: String
    /// The path of `pg_restore`.
    public let restore: String
    /// What `pg_dump --version` prints.
    public let versionLine: String
    /// The major version.
    public let major: Int

    /// Finds the newest installed programs.
    ///
    /// Looked at: each directory of `PATH`, the installation `pg_config` would name there, and Debian's places
    /// `/usr/lib/postgresql/*/bin`. Debian's wrapper in `/usr/bin` counts by the version it answers with.
    ///
    /// - Parameters:
    ///   - environment: The variables of the process, of which `PATH` is searched.
    ///   - major: The server's major version; an older pg_dump refuses to read it.
    /// - Returns: The newest programs that are new enough.
    /// - Throws: ``BackupError`` naming the package when there are none.
    public static func find(environment: [String: String], atLeast major: Int) async throws -> ClientPrograms {
        let debian = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        let places =
            debian.map { "/usr/lib/postgresql/\($0)/bin" }
            + (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        var best: ClientPrograms?
        for place in places {
            guard let found = await programs(in: place, environment: environment) else { continue }
            if found.major > best?.major ?? 0 { best = found }
        }
        // What was cancelled looks like a program that is not there.
        try Task.checkCancellation()
        guard let best, best.major >= major else {
            let have = best.map { "the newest one here is \($0.versionLine)" } ?? "there is none here"
            throw BackupError(
                code: "programs.too-old",
                summary: "The server is PostgreSQL \(major) and needs pg_dump \(major) or newer; \(have).",
                remedy: Remedy("Install it:", command: "apt-get install postgresql-client-\(major)"),
                failureClass: .unsupportedVersion
            )
        }
        return best
    }

    private static func programs(in place: String, environment: [String: String]) async -> ClientPrograms? {
        let dump = "\(place)/pg_dump"
        let restore = "\(place)/pg_restore"
        let files = FileManager.default
        guard files.isExecutableFile(atPath: dump), files.isExecutableFile(atPath: restore),
            let answer = try? await ChildProgram.run(dump, ["--version"], environment: environment), answer.status == 0
        else { return nil }
        let line = answer.output.trimmingCharacters(in: .whitespacesAndNewlines)
        guard let number = line.firstMatch(of: #/\) (\d+)/#), let major = Int(number.1) else { return nil }
        return ClientPrograms(dump: dump, restore: restore, versionLine: line, major: major)
    }
}
