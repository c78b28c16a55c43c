import ArchiveRepository
import Diagnostics
import PostgresTesting
import Testing

@testable import LogicalBackup

@Suite("Values of variables in a manifest", .tags(.server))
struct SealedEnvironmentTests {
    private let values = ["APP_URL": "https://a.example", "SECRET_KEY": "hunter2\n'\"$é"]

    @Test(.scratchDatabase) func `are found damaged, or those of another backup, by a verification`() async throws {
        let repository = try ScratchRepository()
        var manifest = try await repository.backUp(
            ScratchDatabase.current.emptyDatabase(), onProgress: { _ in },
            { options in options.environmentValues = values })
        let reader = try repository.reader
        let verification = BackupVerification(reader: reader)
        #expect(try await verification.verify(manifest).problems.isEmpty)
        let good = try #require(manifest.environment)
        #expect(try good.open(of: manifest.backup, by: reader) == values)

        let other = try #require(BackupID("20260102T030405Z-abcdef"))
        manifest.environment = try SealedEnvironment(values, of: other, by: repository.writer)
        let report = try await verification.verify(manifest)
        #expect(report.problems.map(\.object.description) == ["manifests/\(manifest.backup)"])
        #expect(report.problems.first?.kind == .damaged)
        #expect(report.problems.first?.reason.contains("hunter2") == false)

        let id = try #require(BackupID(manifest.backup))
        let error = #expect(throws: BackupError.self) {
            try good.open(of: other.description, by: reader)
        }
        #expect(error?.failureClass == .corrupt)
        // Sealed for holders of other keys: nobody of this repository opens it.
        manifest.environment = try SealedEnvironment(values, of: id, by: try ScratchRepository().writer)
        #expect(try await verification.verify(manifest).problems.count == 1)
    }
}
