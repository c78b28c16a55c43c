import Foundation
import Glibc
import PostgresClient
import PostgresTesting
import Testing

@Suite("A full disk", .tags(.server))
struct FullDiskTests {
    @Test(.scratchDatabase, .enabled(if: getuid() == 0, "mounting a small file system takes root"))
    func `a repository on a full disk ends with 17 and keeps what it had`() async throws {
        let work = try Workplace()
        let scratch = try ScratchDatabase.current
        let session = try await scratch.session()
        try await session.executeScript(
            """
            create table public.noise as select n, md5(random()::text) || md5(random()::text) as body
              from generate_series(1, 1000) n;
            """
        )
        try await SmallFileSystem.with(megabytes: 3, at: work.repository) {
            #expect(try await work.makeRepository().status == 0)
            let first = try await work.backUp(scratch.settings)
            #expect(first.status == 0, "\(first)")
            let objects = work.objects()

            try await session.executeScript(
                """
                insert into public.noise select n, md5(random()::text) || md5(random()::text)
                  from generate_series(1, 200000) n
                """
            )
            let second = try await work.backUp(scratch.settings)
            #expect(second.status == 17, "\(second)")
            #expect(second.errors.contains(work.repository.path), "\(second)")
            #expect(second.errors.contains("No space left"), "\(second)")
            #expect(work.objects() == objects)
            let verify = try await work.run(["backup", "verify"] + work.keys)
            #expect(verify.status == 0, "\(verify)")

            try await session.executeScript("truncate public.noise")
            let third = try await work.backUp(scratch.settings)
            #expect(third.status == 0, "\(third)")
        }
    }
}

/// A file system in memory that is soon full; it takes root to mount one.
private enum SmallFileSystem: Sendable {
    static func with(megabytes: Int, at folder: URL, _ body: () async throws -> Void) async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        let options = "size=\(megabytes)m,mode=700"
        guard unsafe mount("tmpfs", folder.path, "tmpfs", 0, options) == 0 else { throw MountFailure(number: errno) }
        defer { unsafe umount2(folder.path, Int32(MNT_DETACH)) }
        try await body()
    }
}

/// The small file system could not be mounted.
private struct MountFailure: Error, Sendable {
    let number: Int32
}
