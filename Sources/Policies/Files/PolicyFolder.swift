import Diagnostics
import FoundationEssentials

/// The policy files of a folder, parsed.
public struct PolicyFolder: Sendable, Hashable {
    /// The folder as the user gave it.
    public let path: String
    /// The files by relation.
    public let files: [PolicyFile]

    /// A folder from its parts.
    ///
    /// - Parameters:
    ///   - path: The folder as the user gave it.
    ///   - files: The files.
    public init(path: String, files: [PolicyFile]) {
        self.path = path
        self.files = files.sorted { $0.relation < $1.relation }
    }

    /// The file of a relation.
    public subscript(_ relation: RelationName) -> PolicyFile? { files.first { $0.relation == relation } }

    /// Reads and parses every file of a folder that ends in `.sql`; hidden files and other kinds are passed over.
    ///
    /// - Parameter path: The folder.
    /// - Returns: The files.
    /// - Throws: ``PolicyError``: no such folder, or files that are no policy files, with a finding for each problem.
    public static func read(_ path: String) throws(PolicyError) -> PolicyFolder {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        } catch {
            throw PolicyError.noFolder(path)
        }
        var files: [PolicyFile] = []
        var problems: [Finding] = []
        for name in names where name.hasSuffix(".sql") && !name.hasPrefix(".") {
            let place = path.hasSuffix("/") ? "\(path)\(name)" : "\(path)/\(name)"
            do throws(PolicyError) {
                let file = try load(place, name)
                if let twin = files.first(where: { $0.relation == file.relation }) {
                    problems.append(.twins(twin, file))
                }
                files.append(file)
            } catch {
                problems += error.findings
            }
        }
        guard problems.isEmpty else { throw PolicyError.unusable(problems) }
        return PolicyFolder(path: path, files: files)
    }

    private static func load(_ path: String, _ name: String) throws(PolicyError) -> PolicyFile {
        guard let relation = PolicyFileName.relation(name) else {
            throw PolicyError.unusable([
                .unreadable(
                    path, "policy.file-name", "The name stands for no relation.",
                    Remedy("Name it <table>.sql for schema public, <schema>.<table>.sql elsewhere."))
            ])
        }
        let target = URL(filePath: path).resolvingSymlinksInPath().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: target)
        guard attributes?[.type] as? FileAttributeType == .typeRegular else {
            throw PolicyError.unusable([
                .unreadable(
                    path, "policy.unreadable", "It is no regular file.", Remedy("Replace it by a file, or remove it."))
            ])
        }
        guard let bytes = try? Data(contentsOf: URL(filePath: path)) else {
            throw PolicyError.unusable([
                .unreadable(path, "policy.unreadable", "It cannot be read.", Remedy("Check the file's permissions."))
            ])
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw PolicyError.unusable([
                .unreadable(path, "policy.encoding", "It is no valid UTF-8.", Remedy("Save it as UTF-8."))
            ])
        }
        return try PolicyFile(path: path, relation: relation, text: text)
    }
}

extension Finding {
    fileprivate static func unreadable(
        _ path: String,
        _ code: String,
        _ message: String,
        _ remedy: Remedy
    ) -> Finding {
        Finding(code: code, severity: .error, subject: path, message: message, remedy: remedy)
    }

    fileprivate static func twins(_ one: PolicyFile, _ other: PolicyFile) -> Finding {
        Finding(
            code: "policy.twins", severity: .error, subject: other.path,
            message: "\(one.path) and \(other.path) are both about \(one.relation).",
            remedy: Remedy("Keep one of them."))
    }
}
