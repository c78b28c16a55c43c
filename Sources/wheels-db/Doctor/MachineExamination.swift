import Diagnostics
import Foundation
import LocalPostgres
import LogicalBackup
import PostgresTypes
import SQLText

/// Looks at this machine: the configuration, the programs, the room for temporary files.
struct MachineExamination: Sendable {
    let context: CommandContext

    /// The major version that the databases have, when none of them answered.
    static let usualMajor = 15
    /// Room below which a schema or a sorted index may not fit.
    private static let littleRoom = 200_000_000

    func lines(newestServer: Int?) async -> [DoctorLine] {
        let server = await serverPrograms()
        return [configuration(), await clients(newestServer), server, grammar(newestServer), room()].compactMap(\.self)
    }

    private func configuration() -> DoctorLine {
        do {
            guard let configuration = try context.configuration() else {
                return .warning(
                    "configuration", "configuration", "There is no wheels-db.yml here or above.",
                    "Write one: wheels-db init")
            }
            let names = configuration.environments.keys.sorted().joined(separator: ", ")
            return .ok(
                "configuration", "configuration",
                "\(configuration.file), environments: \(names.isEmpty ? "none" : names).")
        } catch { return .problem("configuration", "configuration", error) }
    }

    private func clients(_ newestServer: Int?) async -> DoctorLine {
        let major = newestServer ?? Self.usualMajor
        do {
            let found = try await ClientPrograms.find(environment: context.environment.variables, atLeast: major)
            return .ok("clients", "machine", "\(found.versionLine) in \(found.dump); servers are PostgreSQL \(major).")
        } catch { return .problem("clients", "machine", error) }
    }

    private func serverPrograms() async -> DoctorLine {
        do {
            let found = try await ServerBinaries.find(environment: context.environment.variables)
            return .ok(
                "server-programs", "machine", "PostgreSQL \(found.version) in \(found.directory) for local and drill.")
        } catch {
            let told = error as? any ExplainedError
            return .warning(
                "server-programs", "machine",
                "No PostgreSQL server's programs: local, drill and models do not work here.",
                told?.remedy?.description ?? "apt-get install postgresql")
        }
    }

    /// A server that is newer than the grammar takes statements that the grammar does not know.
    private func grammar(_ newestServer: Int?) -> DoctorLine? {
        let version = Grammar.version.description
        guard let newestServer, let major = Int(version.prefix { $0.isNumber }), newestServer > major else {
            return .ok("grammar", "machine", "The grammar is PostgreSQL \(version)'s.")
        }
        return .warning(
            "grammar", "machine",
            "The grammar is PostgreSQL \(version)'s and a server is \(newestServer): newer syntax is refused in migrations.",
            "Write migrations in the syntax of PostgreSQL \(major).")
    }

    private func room() -> DoctorLine? {
        let folder = context.environment.absolutePath(context.environment["TMPDIR"] ?? "/tmp")
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder)
        guard let free = (attributes?[.systemFreeSize] as? NSNumber)?.int64Value else {
            return .problem(
                "temporary-folder", "machine", "The temporary folder \(folder) is not there.",
                "Set TMPDIR to a folder that can be written to.")
        }
        let text = "\(folder) has \(HumanUnits.bytes(free)) free for temporary files."
        guard free < Int64(Self.littleRoom) else { return .ok("temporary-folder", "machine", text) }
        return .warning("temporary-folder", "machine", text, "Set TMPDIR to a folder with more room.")
    }
}
