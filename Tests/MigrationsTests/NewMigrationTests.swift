import Diagnostics
import Foundation
import Migrations
import Testing

@Suite("NewMigration")
struct NewMigrationTests {
    private let bench: MigrationBench

    init() throws { bench = try MigrationBench() }

    /// 2026-03-04 05:06:07 UTC.
    private let now = Date(timeIntervalSince1970: 1_772_600_767)

    private func make(_ title: String) throws -> String {
        let path = try NewMigration.create(title, in: bench.folder, now: now)
        return String(path.dropFirst(bench.folder.count + 1))
    }

    @Test(arguments: [
        ("add trip notes", "add_trip_notes"), ("  Add  TRIP-notes! ", "add_trip_notes"), ("a/../b", "a_b"),
        ("x;drop", "x_drop"),
        ("größe", "gr_e"), ("v2", "v2"),
        (String(repeating: "word ", count: 60), Array(repeating: "word", count: 16).joined(separator: "_")),
    ])
    func `the name is made of the title's letters and digits`(title: String, name: String) throws {
        #expect(try make(title) == "20260304050607_\(name).sql")
    }

    @Test(arguments: ["", " ", "🐘", "--", "/"]) func `a title without letters is refused`(title: String) throws {
        let error = try #require(#expect(throws: MigrationError.self) { try make(title) })
        #expect(error.code == "migration.invalid-name" && error.failureClass == .usage)
    }

    @Test func `a new file sorts after the newest one, even one of tomorrow`() throws {
        try bench.write("select 1;", as: "20261231235959_later.sql")
        #expect(try make("a") == "20270101000000_a.sql")
        #expect(try make("a") == "20270101000001_a.sql")
        #expect(try bench.read().files.map(\.version).last == "20270101000001")
    }

    @Test func `a newest version that is no time is counted on, and refused when it is the last`() throws {
        try bench.write("select 1;", as: "20269999000000_odd.sql")
        #expect(try make("a") == "20269999000001_a.sql")
        try bench.write("select 1;", as: "99999999999999_last.sql")
        let error = try #require(#expect(throws: MigrationError.self) { try make("a") })
        #expect(error.code == "migration.no-later-version")
    }

    @Test func `the template is an empty migration that parses`() throws {
        _ = try make("two\nlines; drop table x;")
        let file = try #require(try bench.read().files.first)
        #expect(file.up.isEmpty && file.down == nil)
        #expect(file.text.hasPrefix("-- two lines; drop table x;\n"))
    }

    @Test func `the folder is made; a file in its place is an error`() throws {
        let path = try NewMigration.create("a", in: bench.path("deep/er"), now: now)
        #expect(FileManager.default.fileExists(atPath: path))
        let error = try #require(#expect(throws: MigrationError.self) { try NewMigration.create("a", in: "/dev/null") })
        #expect(error.code == "migration.cannot-write")
    }

    @Test func `a file that is there is never overwritten`() throws {
        try bench.write("keep", as: ".hidden")
        try FileManager.default.createDirectory(
            atPath: bench.path("20260304050607_a.sql"), withIntermediateDirectories: true)
        let error = try #require(#expect(throws: MigrationError.self) { try make("a") })
        #expect(error.code == "migration.file-exists" && error.failureClass == .refused)
    }
}
