import Foundation
import PostgresClient
import PostgresTesting
import Testing

@Suite("Key files in a check", .tags(.server))
struct KeyFileCheckTests {
    private static func flip(_ file: URL) throws {
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count / 2] ^= 1
        try FileManager.default.removeItem(at: file)
        try bytes.write(to: file)
    }

    @Test(.scratchDatabase, arguments: ["runs", "keys"])
    func `a flipped bit in a key file is found by the machine that opens nothing`(folder: String) async throws {
        let work = try Workplace()
        let session = try await ScratchDatabase.current.session()
        try await session.execute("create table public.note as select n from generate_series(1, 10) n")
        #expect(try await work.makeRepository().status == 0)
        #expect(try await work.backUp(try ScratchDatabase.current.settings).status == 0)
        let writer = [
            "--repository", work.repository.path, "--writer-key", work.identity.path + ".writer-key",
        ]
        let sound = try await work.run(["repository", "check"] + writer)
        #expect(sound.status == 0, "\(sound)")
        let name = try #require(work.objects().keys.first { $0.hasPrefix(folder + "/") && $0.hasSuffix(".age") })
        try Self.flip(work.repository.appendingPathComponent(name))
        let found = try await work.run(["repository", "check"] + writer)
        #expect(found.status == 13, "\(found)")
        #expect((found.output + found.errors).contains(name), "\(found)")
        // The next backup does not take the damaged file for the right one.
        #expect(try await work.backUp(try ScratchDatabase.current.settings).status == 0)
        #expect(try await work.run(["repository", "check"] + writer).status == 13)
        // The next backup has stored again what the damaged key closes; a full one does not take the old objects either.
        guard folder == "runs" else { return }
        #expect(try await work.run(["backup", "verify"] + work.keys).status == 0)
        let full = try await work.run(
            ["backup", "create", "--full", "--repository", work.repository.path],
            on: try ScratchDatabase.current.settings)
        #expect(full.status == 0, "\(full)")
        let healed = try await work.run(["backup", "verify"] + work.keys)
        #expect(healed.status == 0, "\(healed)")
    }
}
