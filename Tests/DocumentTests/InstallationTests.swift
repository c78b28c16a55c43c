import DocumentTesting
import Foundation
import Testing

@Suite("Installation")
struct InstallationTests {
    @Test func `uninstalling removes what installing put there, and nothing else`() async throws {
        let work = try TemporaryFolder(named: "install")
        defer { work.remove() }
        let prefix = "\(work.path)/usr"
        try Self.makeFolder("\(prefix)/share/man/man1")
        try Self.write("another program's", to: "\(prefix)/share/man/man1/other.1")
        try Self.makeFolder("\(prefix)/share/fish")
        let before = try Self.files(of: prefix)

        try await Self.makeTree("\(work.path)/tree")
        try await Self.install("install", prefix, from: "\(work.path)/tree")
        for name in [
            "bin/wheels-db", "share/man/man1/wheels-db.1.gz", "share/man/man1/wheels-db-backup.1.gz",
            "share/man/man1/wheels-db-backup-create.1.gz", "share/bash-completion/completions/wheels-db",
            "share/zsh/site-functions/_wheels-db", "share/fish/vendor_completions.d/wheels-db.fish",
            "share/doc/wheels-db/copyright", "share/doc/wheels-db/LICENSE", "share/doc/wheels-db/docs/INSTALL.md",
            "share/doc/wheels-db/Examples/wheels-db.yml", "share/doc/wheels-db/tools/read-archive",
        ] { #expect(FileManager.default.fileExists(atPath: "\(prefix)/\(name)"), "\(name)") }
        let version = try await Program("\(prefix)/bin/wheels-db", ["--version"]).run()
        #expect(version.output.hasPrefix("wheels-db 0."), "\(version)")
        try Self.write("somebody's notes", to: "\(prefix)/share/doc/wheels-db/notes")

        // A newer version, which has one file less.
        try FileManager.default.removeItem(atPath: "\(work.path)/tree/share/doc/wheels-db/SECURITY.md")
        try await Self.install("install", prefix, from: "\(work.path)/tree")
        #expect(!FileManager.default.fileExists(atPath: "\(prefix)/share/doc/wheels-db/SECURITY.md"))

        try await Self.install("uninstall", prefix, from: "\(work.path)/tree")
        let notes = ["share/doc", "share/doc/wheels-db", "share/doc/wheels-db/notes"]
        #expect(try Self.files(of: prefix) == (before + notes).sorted())
    }

    @Test func `what cannot be installed or removed is said, with a code of its own`() async throws {
        let work = try TemporaryFolder(named: "install")
        defer { work.remove() }
        let script = "packaging/install-files"
        for (arguments, status, words) in [
            (["uninstall", work.path], 10, "nothing is installed"), (["install", "usr"], 64, "absolute path"),
            (["install"], 64, "usage"), (["install", work.path], 64, "no bin/wheels-db"),
        ] {
            let result = try await Program(script, arguments).run()
            #expect(result.status == Int32(status) && result.output.contains(words), "\(arguments): \(result)")
        }
    }

    @Test func `every command has a page with its examples and exit codes`() async throws {
        let work = try TemporaryFolder(named: "manual")
        defer { work.remove() }
        let made = try await Program("\(DocumentShell.programs)/wheels-db", ["manual", "--to", work.path]).run()
        #expect(made.status == 0, "\(made)")
        let pages = try FileManager.default.contentsOfDirectory(atPath: work.path).sorted()
        #expect(pages.contains("wheels-db.1") && pages.contains("wheels-db-repository-keys.1") && pages.count > 50)
        for page in pages {
            let text = try String(contentsOfFile: "\(work.path)/\(page)", encoding: .utf8)
            for section in ["NAME", "SYNOPSIS", "EXIT STATUS", "SEE ALSO"] {
                #expect(text.contains("\n.SH \(section)\n"), "\(page): \(section)")
            }
            #expect(!text.contains("\nEXAMPLES\n"), "\(page): the examples stand within a paragraph")
        }
        let create = try String(contentsOfFile: "\(work.path)/wheels-db-backup-create.1", encoding: .utf8)
        #expect(create.contains(".SH EXAMPLES\n.nf\nwheels\\-db backup create"))
        let first = try String(contentsOfFile: "\(work.path)/wheels-db.1", encoding: .utf8)
        for section in ["ENVIRONMENT", "FILES", "EXAMPLES"] { #expect(first.contains("\n.SH \(section)\n")) }
    }

    @Test func `the licences name every package that is linked in`() throws {
        let manifest = try String(contentsOfFile: "\(RepositoryTree.root)/Package.swift", encoding: .utf8)
        let licences = try String(contentsOfFile: "\(RepositoryTree.root)/packaging/copyright", encoding: .utf8)
        let packages = manifest.matches(of: #/\.package\(url: "[^"]*\/([^"\/]+)"/#).map { String($0.1) }
        #expect(packages.count >= 3)
        // The plugin makes documentation; nothing of it is in the program.
        for package in packages + ["libpg_query", "swift-runtime", "swift-foundation-icu"]
        where package != "swift-docc-plugin" {
            #expect(licences.contains("\(package)/"), "\(package)")
        }
    }

    @Test func `the commit is that of the tree, marked when the tree differs from it`() async throws {
        let work = try TemporaryFolder(named: "commit")
        defer { work.remove() }
        try Self.makeFolder("\(work.path)/packaging")
        let script = "\(work.path)/packaging/commit"
        try FileManager.default.copyItem(atPath: "\(RepositoryTree.root)/packaging/commit", toPath: script)
        #expect(try await Self.sh("packaging/commit", in: work) == "unknown\n")
        let commit = try await Self.sh(
            """
            git init --quiet && git add . && git -c user.name=n -c user.email=n@example.com commit --quiet -m one
            git rev-parse --short=9 HEAD
            """, in: work)
        #expect(try await Self.sh("packaging/commit", in: work) == commit)
        let source = try await Self.sh(
            """
            packaging/commit --swift "$PWD/.git/made" && touch -d @1000 .git/made/Commit.swift
            packaging/commit --swift "$PWD/.git/made" && stat -c %Y .git/made/Commit.swift; cat .git/made/Commit.swift
            """, in: work)
        #expect(source.hasPrefix("1000\n"), "what has not changed is not written again, so that nothing is rebuilt")
        #expect(source.contains("public static let commit = \"\(commit.trimmingCharacters(in: .newlines))\""))
        let marked = commit.trimmingCharacters(in: .newlines) + "-dirty\n"
        #expect(try await Self.sh("touch new && packaging/commit", in: work) == marked)
        let changed = try await Self.sh("rm new && echo '# more' >>packaging/commit && packaging/commit", in: work)
        #expect(changed == marked)
    }

    // MARK: - Steps

    private static func makeTree(_ tree: String) async throws {
        let made = try await Program("packaging/make-tree", ["\(DocumentShell.programs)/wheels-db", tree]).run()
        #expect(made.status == 0, "\(made)")
    }

    private static func install(_ verb: String, _ prefix: String, from tree: String) async throws {
        var program = Program("packaging/install-files", [verb, prefix])
        program.environment["TREE"] = tree
        let result = try await program.run()
        #expect(result.status == 0, "\(result)")
    }

    private static func sh(_ script: String, in folder: TemporaryFolder) async throws -> String {
        var program = Program("sh", ["-ec", script])
        program.folder = folder.path
        return try await program.run().output
    }

    private static func files(of folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
    }

    private static func makeFolder(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    private static func write(_ text: String, to path: String) throws {
        try text.write(toFile: path, atomically: false, encoding: .utf8)
    }
}
