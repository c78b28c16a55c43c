import Diagnostics
import Foundation
import Migrations
import Testing

@Suite("MigrationFolder")
struct MigrationFolderTests {
    private let bench: MigrationBench

    init() throws { bench = try MigrationBench() }

    private func refusal(sourceLocation: SourceLocation = #_sourceLocation) throws -> MigrationError {
        try #require(
            #expect(throws: MigrationError.self, sourceLocation: sourceLocation) { try bench.read() },
            sourceLocation: sourceLocation)
    }

    @Test func `files come in order of their versions, whatever order the disk has`() throws {
        for name in ["20260102000000_b.sql", "20260101000000_z.sql", "20260103000000_a.sql"] {
            try bench.write("select 1;", as: name)
        }
        #expect(try bench.read().files.map(\.fileName.name) == ["z", "b", "a"])
    }

    @Test(arguments: [
        ("20260101000000_a.sql", "20260101000000", "a"), ("20260101000000_.sql", "20260101000000", ""),
        ("20260101000000_a.b_c.sql", "20260101000000", "a.b_c"),
        ("20260101000000_größe 🐘.sql", "20260101000000", "größe 🐘"),
        ("1_a.sql", "1", "a"),
    ])
    func `a name of digits, underscore and text is a migration`(file: String, version: String, name: String) throws {
        let read = try #require(MigrationFileName(file))
        #expect(read.version == version && read.name == name && read.description == file)
    }

    @Test(arguments: [
        "a.sql", "_a.sql", "20260101000000.sql", "2026-01-01_a.sql", "２０２６_a.sql", "20260101000000-a.sql", " 1_a.sql",
    ])
    func `a name of another form is passed over with a warning`(file: String) throws {
        try bench.write("no SQL at all", as: file)
        let folder = try bench.read()
        #expect(folder.files.isEmpty)
        #expect(folder.findings.map(\.code) == ["migration.name"])
    }

    @Test(arguments: [
        "20260101000000_a.SQL", "20260101000000_a.sql.bak", "20260101000000_a.txt", "20260101000000_a",
        "20260101000000_a.sql~",
    ])
    func `a name with a wrong suffix is passed over with a warning`(file: String) throws {
        try bench.write("select 1", as: file)
        let folder = try bench.read()
        #expect(folder.files.isEmpty)
        #expect(folder.findings.map(\.code) == ["migration.suffix"])
    }

    @Test(arguments: ["README.md", ".20260101000000_a.sql.swp", ".gitkeep", "notes.txt"])
    func `other files are passed over in silence`(file: String) throws {
        try bench.write("x", as: file)
        #expect(try bench.read().findings.isEmpty)
    }

    @Test func `sub-folders are passed over, with a warning when they are named like a migration`() throws {
        try FileManager.default.createDirectory(
            atPath: bench.path("20260101000000_a.sql"), withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: bench.path("old"), withIntermediateDirectories: true)
        try bench.write("nonsense", as: "old/20260101000000_a.sql")
        let folder = try bench.read()
        #expect(folder.files.isEmpty)
        #expect(folder.findings.map(\.code) == ["migration.folder"])
    }

    @Test func `a version of fewer digits is read, with a note about the order`() throws {
        try bench.write("select 1;", as: "9_a.sql")
        try bench.write("select 1;", as: "10_b.sql")
        let folder = try bench.read()
        #expect(folder.files.map(\.version) == ["10", "9"])
        #expect(folder.findings.map(\.code) == ["migration.version-digits", "migration.version-digits"])
    }

    @Test func `two files of one version are refused by name`() throws {
        try bench.write("select 1;", as: "20260101000000_a.sql")
        try bench.write("select 1;", as: "20260101000000_b.sql")
        let error = try refusal()
        #expect(error.code == "migration.duplicate" && error.failureClass == .refused)
        #expect(error.summary.contains("20260101000000_a.sql and 20260101000000_b.sql have the same version"))
    }

    @Test func `a missing folder, and a file in its place, say so`() throws {
        for path in [bench.path("nowhere"), "/dev/null"] {
            let error = try #require(#expect(throws: MigrationError.self) { try MigrationFolder.read(path) })
            #expect(error.code == "migration.no-folder" && error.failureClass == .notFound)
            #expect(error.summary.contains(path))
        }
    }

    @Test func `bytes that are no UTF-8 are named by line, column and byte`() throws {
        try bench.write(Array("select 1;\n-- größe ".utf8) + [0xE9, 0x0A, 0x31], as: "20260101000000_a.sql")
        let error = try refusal()
        #expect(error.code == "migration.encoding")
        #expect(error.span?.description == "\(bench.path("20260101000000_a.sql")):2:10")
        #expect(error.summary.contains("byte 22 is 0xE9"))
        #expect(error.remedy?.command?.contains("iconv -f WINDOWS-1252") == true)
    }

    @Test(arguments: [[0xFF, 0xFE, 0x73, 0x00], [0xFE, 0xFF, 0x00, 0x73]] as [[UInt8]])
    func `UTF-16 is called by its name`(bytes: [UInt8]) throws {
        try bench.write(bytes, as: "20260101000000_a.sql")
        let error = try refusal()
        #expect(error.summary.contains("UTF-16"))
        #expect(error.remedy?.command?.contains("iconv -f UTF-16") == true)
    }

    @Test(.timeLimit(.minutes(20))) func `an invalid byte in a line of megabytes is found at once`() throws {
        try bench.write([0xE9] + Array(repeating: 0x61, count: 4_000_000), as: "20260101000000_a.sql")
        #expect(try refusal().span?.column == 1)
        try bench.write(Array(repeating: 0x61, count: 4_000_000) + [0xC3], as: "20260101000000_a.sql")
        #expect(try refusal().span?.column == 4_000_001)
    }

    @Test func `a NUL byte is refused with its place`() throws {
        try bench.write(Array("select 1;\nselect '".utf8) + [0] + Array("';".utf8), as: "20260101000000_a.sql")
        let error = try refusal()
        #expect(error.span?.line == 2 && error.span?.column == 9)
        #expect(error.summary.contains("NUL"))
    }

    @Test func `links are followed; broken ones and pipes are refused`() throws {
        let files = FileManager.default
        try bench.write("select 1;", as: "real")
        try files.createSymbolicLink(atPath: bench.path("20260101000000_a.sql"), withDestinationPath: "real")
        #expect(try bench.read().files.first?.up.count == 1)
        try files.createSymbolicLink(atPath: bench.path("20260102000000_b.sql"), withDestinationPath: "nowhere")
        #expect(try refusal().summary.contains("a link to a file that does not exist"))
        try files.removeItem(atPath: bench.path("20260102000000_b.sql"))
        unsafe mkfifo(bench.path("20260103000000_c.sql"), 0o600)
        #expect(try refusal().summary.contains("no regular file"))
    }

    @Test(.disabled(if: geteuid() == 0, "root reads everything")) func `a file without permission says so`() throws {
        try bench.write("select 1;", as: "20260101000000_a.sql")
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: bench.path("20260101000000_a.sql"))
        let error = try refusal()
        #expect(error.code == "migration.unreadable")
        #expect(error.summary.contains("permission denied"))
    }

    @Test func `all bad files are named at once`() throws {
        try bench.write("selec 1;", as: "20260101000000_a.sql")
        try bench.write("select 1", as: "20260102000000_b.sql")
        try bench.write([0xFF], as: "20260103000000_c.sql")
        #expect(try refusal().findings.map(\.subject) == ["20260101000000_a.sql", "20260103000000_c.sql"])
    }
}
