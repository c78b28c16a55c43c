import Foundation
public import PostgresTypes

/// The programs of one PostgreSQL installation.
public struct ServerBinaries: Sendable, Hashable, Codable {
    /// The folder that holds them.
    public let directory: String
    /// The version that `postgres --version` tells.
    public let version: ServerVersion
    /// The server.
    public var postgres: String { directory + "/postgres" }
    /// The program that makes a cluster.
    public var initdb: String { directory + "/initdb" }
    /// The program that starts a server in the background.
    public var pgCtl: String { directory + "/pg_ctl" }
    /// The dump program, where the installation has one.
    public var pgDump: String? { optional("pg_dump") }
    /// The dump program for what a whole cluster shares, such as roles, where the installation has one.
    public var pgDumpAll: String? { optional("pg_dumpall") }
    /// The restore program, where the installation has one.
    public var pgRestore: String? { optional("pg_restore") }
    /// The terminal client, where the installation has one.
    public var psql: String? { optional("psql") }

    /// The oldest major version that is supported.
    public static let oldestMajor = 15

    private func optional(_ name: String) -> String? {
        let path = directory + "/" + name
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }

    /// Whether the installation has a library that a server setting would load.
    func hasLibrary(_ name: String) -> Bool {
        ["../lib", "../lib/postgresql", "../lib64"].contains { folder in
            FileManager.default.fileExists(atPath: "\(directory)/\(folder)/\(name).so")
        }
    }

    /// Reads the version from what `postgres --version` prints: `postgres (PostgreSQL) 15.18 (Debian …)`.
    static func version(printed text: String) -> ServerVersion? {
        guard let word = text.split(whereSeparator: \.isWhitespace).first(where: { $0.first?.isNumber == true }) else {
            return nil
        }
        let parts = word.split(separator: ".").map { $0.prefix { $0.isNumber } }
        guard let major = parts.first.flatMap({ Int($0) }) else { return nil }
        let minor = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        return ServerVersion(number: major * 10_000 + minor)
    }
}
