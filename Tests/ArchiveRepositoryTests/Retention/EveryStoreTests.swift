import Diagnostics
import Foundation
import SealedStreams
import Testing

@testable import ArchiveRepository

/// Claims, marks, prune and check on every store there is, with its own clock and its own idea of races.
@Suite("Claims and prune on every store")
struct EveryStoreTests {
    private struct Bench {
        let folder: ScratchFolder?
        let repository: Repository
        let writer: WriterAccess
        var records: SealedRecords { SealedRecords(writer: writer) }
        var index: TestIndex { TestIndex(access: writer) }

        init(_ kind: StoreUnderTest) async throws {
            let made = try await kind.make()
            let keys = try KeyGeneration()
            let holder = KeyHolder.recipient(try AgeIdentity().recipient)
            folder = made.folder
            repository = try Repository.create(in: made.store, holders: [holder], generation: keys)
            writer = try repository.writer(key: keys.writerKey)
        }

        func backup(_ contents: [String], after predecessor: BackupID?) throws -> BackupID {
            let claim = try ClaimKeeper(records: records).take(.backup, command: "backup create")
            defer { claim.release() }
            let run = try writer.beginRun(claim: claim)
            let objects = try contents.map { content in
                let bytes = Array(content.utf8)
                let object = try unsafe run.store(bytes.span.bytes, kind: .chunk, codec: ObjectTransfer.rowsCodec)
                return TestManifest.Object(
                    name: object.name, bytes: object.storedBytes, code: object.code, run: object.run, table: content)
            }
            let manifest = TestManifest(time: .now, predecessor: predecessor, objects: objects)
            try run.commit(manifest: Array(try JSONEncoder().encode(manifest)))
            #expect(run.id == claim.run)
            return run.id
        }
    }

    @Test(arguments: StoreUnderTest.all) func `from claim to removal`(_ kind: StoreUnderTest) async throws {
        let bench = try await Bench(kind)
        var ids: [BackupID] = []
        for number in 0..<3 { ids.append(try bench.backup(["common", "own \(number)"], after: ids.last)) }
        var policy = RetentionPolicy()
        policy.last = 1
        // The store's times may be whole seconds, and backups of one second have no order: none must be too many.
        let options = PruneRun.Options(policy: policy, grace: .zero)
        let prune = PruneRun(records: bench.records, index: bench.index)
        let first = try prune.run(options)
        #expect(first.plan.deletions.count >= 1 && first.plan.manifests.isEmpty)
        let gone = try #require(first.plan.deletions.first)
        #expect(try UndeleteRun(records: bench.records).undelete(gone.description) == gone)
        var chosen = PruneRun.Options(policy: RetentionPolicy(), grace: .zero)
        chosen.chosen = [gone]
        _ = try prune.run(chosen)
        _ = try prune.run(options)
        #expect(try Set(bench.repository.backups()) == Set(ids).subtracting(first.plan.deletions))
        let report = try RepositoryCheck(records: bench.records, index: bench.index).run()
        #expect(report.findings.isEmpty && report.failureClass == nil, "\(report.findings)")
        #expect(try bench.repository.store.list("claims/").isEmpty)
        withExtendedLifetime(bench.folder) {}
    }

    @Test(arguments: StoreUnderTest.all) func `one at a time is at work`(_ kind: StoreUnderTest) async throws {
        let bench = try await Bench(kind)
        let records = bench.records
        let atWork = Counter()
        let won = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<4 {
                group.addTask {
                    let keeper = ClaimKeeper(records: records)
                    guard let held = try? keeper.take(.backup, command: "backup \(number)") else { return false }
                    atWork.enter()
                    let isStill = (try? held.confirm()) != nil
                    atWork.leave()
                    held.release()
                    return isStill
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(atWork.most <= 1)
        #expect(won >= 1)
        withExtendedLifetime(bench.folder) {}
    }
}
