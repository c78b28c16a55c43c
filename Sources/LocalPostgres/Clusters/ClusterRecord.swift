import Foundation

/// `cluster.json`: says that a kept cluster's files are complete, and where they are.
struct ClusterRecord: Sendable, Hashable, Codable {
    var binaries: ServerBinaries
    var home: String
    var socketDirectory: String
    var port: Int
    var missingExtensions: [String] = []

    var dataDirectory: String { home + "/data" }

    init(binaries: ServerBinaries, home: String, socketDirectory: String, port: Int) {
        self.binaries = binaries
        self.home = home
        self.socketDirectory = socketDirectory
        self.port = port
    }

    /// Reads the file; a damaged one counts as none, and the cluster is made anew.
    init?(json: String) {
        guard let record = try? JSONDecoder().decode(ClusterRecord.self, from: Data(json.utf8)) else { return nil }
        self = record
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}
