import Diagnostics
import Foundation
import SealedStreams
import Testing

@testable import ArchiveRepository

/// Random numbers that are the same in every run.
struct FixedNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// A repository in memory, with backups of small objects and manifests of a few lines.
struct TestRepository: Sendable {
    let clock: TestClock
    let store: TestStore
    let identity: AgeIdentity
    let keys: KeyGeneration
    let repository: Repository
    let writer: WriterAccess

    var records: SealedRecords { SealedRecords(writer: writer) }
    var index: TestIndex { TestIndex(access: writer) }
    var marks: MarkBoard { MarkBoard(records: records) }

    init() throws {
        let clock = TestClock()
        let identity = try AgeIdentity()
        let keys = try KeyGeneration()
        let store = TestStore(clock: clock)
        let made = try Repository.create(in: store, holders: [.recipient(identity.recipient)], generation: keys)
        try self.init(store: store, identity: identity, keys: keys, config: made.config)
    }

    private init(store: TestStore, identity: AgeIdentity, keys: KeyGeneration, config: RepositoryConfig) throws {
        clock = store.clock
        self.store = store
        self.identity = identity
        self.keys = keys
        repository = Repository(store: store, config: config)
        writer = try repository.writer(key: keys.writerKey)
    }

    /// The same repository as it is now, in a store of its own with the same clock.
    func copy() throws -> TestRepository {
        try TestRepository(
            store: TestStore(clock: clock, objects: store.objects),
            identity: identity,
            keys: keys,
            config: repository.config
        )
    }

    /// Makes a backup now.
    ///
    /// Contents that an earlier one has are not stored again.
    @discardableResult
    func backup(_ contents: [String], after predecessor: BackupID? = nil, time: Date? = nil) throws -> BackupID {
        let run = try writer.beginRun(now: clock.now)
        let objects = try contents.map { content in
            let bytes = Array(content.utf8)
            let object = try unsafe run.store(bytes.span.bytes, kind: .chunk, codec: ObjectTransfer.rowsCodec)
            return TestManifest.Object(
                name: object.name, bytes: object.storedBytes, code: object.code, run: object.run, table: content)
        }
        let manifest = TestManifest(time: time ?? clock.now, predecessor: predecessor, objects: objects)
        try run.commit(manifest: Array(try JSONEncoder().encode(manifest)))
        return run.id
    }

    /// Stores objects, as a run does that is killed before its manifest.
    @discardableResult
    func killedRun(_ contents: [String]) throws -> [BlobName] {
        let run = try writer.beginRun(now: clock.now)
        return try contents.map { content in
            let bytes = Array(content.utf8)
            return try unsafe run.store(bytes.span.bytes, kind: .chunk, codec: ObjectTransfer.rowsCodec).name
        }
    }

    func keeper(
        process: RunningProcess = .test(pid: 1),
        timing: ClaimTiming = ClaimTiming()
    ) -> ClaimKeeper {
        let clock = clock
        let begin = clock.now
        return ClaimKeeper(
            records: records,
            process: process,
            timing: timing,
            uptime: { .seconds(clock.now.timeIntervalSince(begin)) },
            pause: { _ in }
        )
    }

    func pruning(_ process: RunningProcess = .test(pid: 1)) -> PruneRun {
        PruneRun(records: records, index: index, keeper: keeper(process: process))
    }

    func options(last: Int, graceDays: Int = 7) -> PruneRun.Options {
        var policy = RetentionPolicy()
        policy.last = last
        var options = PruneRun.Options(policy: policy, grace: .seconds(graceDays * 86_400))
        let clock = clock
        options.clock = { clock.now }
        return options
    }

    func isDeleted(_ id: BackupID) throws -> Bool { try marks.read().isDeleted(id) }

    /// What every reader relies on: each manifest's objects are there, and the keys that open them.
    func requireWhole(_ comment: Comment? = nil) throws {
        for id in try repository.backups() {
            for reference in try index.entry(of: id).objects {
                #expect(try store.size(of: reference.name) == reference.storedBytes, comment)
                #expect(try store.size(of: Layout.runKey(reference.run)) != nil, comment)
            }
        }
    }
}

extension RunningProcess {
    /// A process of a machine that is not this one.
    static func test(pid: Int32, host: String = "db1") -> RunningProcess {
        RunningProcess(host: host, boot: nil, namespace: nil, pid: pid, startTick: nil)
    }
}

/// A manifest of a few lines.
struct TestManifest: Codable {
    struct Object: Codable {
        let name: BlobName
        let bytes: Int
        let code: Digest
        let run: BackupID
        let table: String
    }

    let time: Date
    let predecessor: BackupID?
    let objects: [Object]
}

struct TestIndex: BackupIndex {
    let access: any DocumentAccess

    func entry(of id: BackupID) throws -> BackupEntry {
        let manifest = try JSONDecoder().decode(TestManifest.self, from: Data(try access.manifest(id)))
        return BackupEntry(
            id: id,
            time: manifest.time,
            predecessor: manifest.predecessor,
            objects: manifest.objects.map {
                ObjectReference(
                    name: $0.name, storedBytes: $0.bytes, code: $0.code, run: $0.run, subjects: [$0.table])
            }
        )
    }
}
