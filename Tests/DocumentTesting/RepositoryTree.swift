import Foundation

/// The files of this repository, as a test sees them: without what was built or downloaded.
public struct RepositoryTree: Sendable {
    /// One file.
    public struct File: Sendable, Hashable, CustomStringConvertible {
        /// The path from the repository's root.
        public let path: String
        /// What is in it.
        public let text: String

        /// A file.
        ///
        /// - Parameters:
        ///   - path: The path from the repository's root.
        ///   - text: What is in it.
        public init(path: String, text: String) {
            self.path = path
            self.text = text
        }

        /// The first folder of the path, such as `Sources`; empty for a file at the top.
        public var top: String { path.contains("/") ? String(path.prefix { $0 != "/" }) : "" }
        /// The target that the file belongs to: the folder below `Sources` or `Tests`.
        public var target: String {
            let parts = path.split(separator: "/")
            return parts.count > 2 ? String(parts[1]) : ""
        }
        /// The lines, without their ends.
        public var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
        /// The path.
        public var description: String { path }
    }

    /// The repository that the calling test was compiled from.
    public static let root: String = {
        let file = URL(fileURLWithPath: #filePath)
        return file.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    }()

    /// Every text file outside of hidden build folders, by path.
    ///
    /// - Returns: The files, sorted by path.
    /// - Throws: An error of Foundation for a file that cannot be read.
    public static func files() throws -> [File] {
        var found: [File] = []
        let walker = FileManager.default.enumerator(atPath: root)
        while let path = walker?.nextObject() as? String {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            if isOutside(name) {
                walker?.skipDescendants()
                continue
            }
            var isFolder: ObjCBool = false
            let full = "\(root)/\(path)"
            guard unsafe FileManager.default.fileExists(atPath: full, isDirectory: &isFolder), !isFolder.boolValue
            else {
                continue
            }
            found.append(File(path: path, text: try String(contentsOfFile: full, encoding: .utf8)))
        }
        return found.sorted { $0.path < $1.path }
    }

    /// Every Markdown file.
    ///
    /// - Returns: The documents, sorted by path.
    /// - Throws: An error of Foundation for a file that cannot be read.
    public static func documents() throws -> [File] { try files().filter { $0.path.hasSuffix(".md") } }

    /// Every Swift file of `Sources` and `Tests`.
    ///
    /// - Returns: The files, sorted by path.
    /// - Throws: An error of Foundation for a file that cannot be read.
    public static func sources() throws -> [File] {
        try files().filter { $0.path.hasSuffix(".swift") && ["Sources", "Tests"].contains($0.top) }
    }

    private static func isOutside(_ name: String) -> Bool {
        let folders = [".git", ".swiftpm", ".wheels", ".DS_Store", "Package.resolved"]
        return folders.contains(name) || name.hasPrefix(".build") || name.hasSuffix(".xcodeproj")
    }
}
