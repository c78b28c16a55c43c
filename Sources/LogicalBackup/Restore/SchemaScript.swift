import Diagnostics
import Foundation
import SQLText

/// Renders chosen entries of an archive as statements that our own sessions can run.
///
/// pg_restore never talks to the target. Its SQL is meant for psql: meta-commands go, and of its settings only those
/// that stand between entries are kept, because our sessions set all others themselves.
struct SchemaScript {
    let programs: ClientPrograms
    let archive: URL
    let folder: TemporaryFolder
    let environment: [String: String]

    /// Settings that select where and how the next table is made.
    private static let kept: Set<String> = ["default_tablespace", "default_table_access_method"]
    /// Settings that our sessions have set, or that only the dumping session needed.
    private static let dropped: Set<String> = [
        "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "transaction_timeout",
        "client_encoding", "standard_conforming_strings", "check_function_bodies", "xmloption", "client_min_messages",
        "row_security", "search_path",
    ]

    /// The archive's table of contents.
    func entries(schemas: [String]) async throws -> [ArchiveEntry] {
        let list = try await ChildProgram.run(programs.restore, ["--list", archive.path], environment: environment)
        guard list.status == 0 else { throw SchemaDump.failure("pg_restore", list) }
        return ArchiveEntry.entries(inList: list.output, schemas: schemas)
    }

    /// The statements of some entries, in the order of the archive.
    func statements(of entries: [ArchiveEntry], phase: String) async throws -> [String] {
        guard !entries.isEmpty else { return [] }
        let list = folder.file("\(phase).list")
        let output = folder.file("\(phase).sql")
        try Data(entries.map { $0.line + "\n" }.joined().utf8).write(to: list)
        let render = try await ChildProgram.run(
            programs.restore,
            ["--use-list=\(list.path)", "--file=\(output.path)", archive.path],
            environment: environment
        )
        guard render.status == 0 else { throw SchemaDump.failure("pg_restore", render) }
        return try Self.statements(in: String(decoding: Data(contentsOf: output), as: UTF8.self))
    }

    /// Splits a rendered script by PostgreSQL's grammar.
    ///
    /// - Throws: `SQLSyntaxError`, or ``BackupError`` for a setting this version does not know.
    static func statements(in script: String) throws -> [String] {
        try StatementSplitter.split(withoutMetaCommands(script)).compactMap { statement in
            if case .setting(let change) = statement.kind, let name = change.name {
                if kept.contains(name) { return statement.text }
                guard dropped.contains(name) else {
                    throw BackupError(
                        code: "restore.unknown-setting",
                        summary: "The schema sets \(name), which this version of wheels-db does not know.",
                        remedy: Remedy("Nothing was changed. Use a newer wheels-db.")
                    )
                }
                return nil
            }
            return statement.text
        }
    }

    /// Removes the pair of lines that keeps psql from running meta-commands.
    ///
    /// The word behind `\restrict` is random, so a line of a function body cannot be taken for it.
    private static func withoutMetaCommands(_ script: String) -> String {
        guard let first = script.split(separator: "\n").first(where: { $0.hasPrefix("\\restrict ") }) else {
            return script
        }
        let word = first.dropFirst("\\restrict ".count)
        return script.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { $0 != "\\restrict \(word)" && $0 != "\\unrestrict \(word)" }.joined(separator: "\n")
    }
}
