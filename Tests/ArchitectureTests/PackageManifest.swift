import DocumentTesting
import Foundation

/// Package.swift as the package manager understands it.
struct PackageManifest: Decodable, Sendable {
    struct Target: Decodable, Sendable {
        let name: String
        let type: String
        let path: String?
        let dependencies: [Dependency]

        /// The name of the module: a hyphen becomes an underscore.
        var module: String { name.replacing("-", with: "_") }
        /// Whether it is part of the product, and neither a test nor a plugin of the build.
        var isSource: Bool { type != "test" && type != "plugin" && path?.hasPrefix("Tests/") != true }
        /// The folder of its files.
        var folder: String { path ?? "\(isSource ? "Sources" : "Tests")/\(name)" }
    }

    /// `{"byName": ["Diagnostics", null]}` or `{"product": ["Logging", "swift-log", null, null]}`.
    struct Dependency: Decodable, Sendable {
        let name: String
        let isProduct: Bool

        private enum Key: String, CodingKey { case byName, product, target }

        init(name: String, isProduct: Bool = false) {
            self.name = name
            self.isProduct = isProduct
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            isProduct = container.contains(.product)
            let key: Key = isProduct ? .product : container.contains(.target) ? .target : .byName
            var list = try container.nestedUnkeyedContainer(forKey: key)
            name = try list.decode(String.self)
        }
    }

    let targets: [Target]

    /// Asks the package manager; its lock on the build folder is not taken.
    static func load() async throws -> PackageManifest {
        let scratch = try TemporaryFolder(named: "manifest")
        defer { scratch.remove() }
        let command = ["package", "--scratch-path", scratch.path, "dump-package"]
        let result = try await Program("swift", command).run()
        let start = result.output.firstIndex(of: "{") ?? result.output.startIndex
        return try JSONDecoder().decode(PackageManifest.self, from: Data(result.output[start...].utf8))
    }
}

/// The modules that a Swift file imports.
struct ImportList {
    let modules: [String]

    init(_ source: String) {
        let pattern =
            #/(?m)^\s*(?:@\w+ +)*(?:(?:public|internal|package|private) )?import (?:struct |class |enum |func )?(\w+)/#
        modules = SourceCode(source).text.matches(of: pattern).map { String($0.1) }
    }
}
