import FoundationEssentials

/// A folder of models: its Swift files, those that were generated and those that were not.
public struct ModelFolder: Hashable, Sendable {
    /// The folder as the user gave it.
    public let path: String
    /// The texts of the Swift files by name.
    public let texts: [String: String]

    /// A folder from its parts.
    ///
    /// - Parameters:
    ///   - path: The folder as the user gave it.
    ///   - texts: The texts of its Swift files by name.
    public init(path: String, texts: [String: String]) {
        self.path = path
        self.texts = texts
    }

    /// The names of the files that begin as a generated file does, in order.
    public var generated: [String] {
        texts.filter { $0.value.hasPrefix(ModelFile.header) }.keys.sorted()
    }

    /// Reads the Swift files of a folder; its folders are passed over, and one that does not exist holds nothing.
    ///
    /// - Parameter path: The folder.
    /// - Returns: The folder.
    /// - Throws: ``ModelError`` when the folder or a file cannot be read.
    public static func read(_ path: String) throws(ModelError) -> ModelFolder {
        guard FileManager.default.fileExists(atPath: path) else { return ModelFolder(path: path, texts: [:]) }
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch {
            throw .unreadable(path, reason(error))
        }
        var texts: [String: String] = [:]
        for name in names where name.hasSuffix(".swift") {
            let file = "\(path)/\(name)"
            let bytes: Data
            do { bytes = try Data(contentsOf: URL(filePath: file)) } catch { throw .unreadable(file, reason(error)) }
            guard let text = String(validating: bytes, as: UTF8.self) else { throw .unreadable(file, "it is no UTF-8") }
            texts[name] = text
        }
        return ModelFolder(path: path, texts: texts)
    }

    /// Writes and removes files; each is replaced whole or not at all.
    ///
    /// - Parameter changes: What to do; the folder is made where it is missing.
    /// - Throws: ``ModelError`` naming the file that cannot be changed.
    public func apply(_ changes: ModelChanges) throws(ModelError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch { throw .unwritable(path, Self.reason(error)) }
        for file in changes.written {
            let place = "\(path)/\(file.name)"
            do {
                try Data(file.text.utf8).write(to: URL(filePath: place), options: .atomic)
            } catch { throw .unwritable(place, Self.reason(error)) }
        }
        for name in changes.removed {
            let place = "\(path)/\(name)"
            do { try FileManager.default.removeItem(atPath: place) } catch {
                throw .unwritable(place, Self.reason(error))
            }
        }
    }

    private static func reason(_ error: any Error) -> String {
        guard let error = error as? CocoaError else { return "\(error)" }
        switch error.code {
        case .fileReadNoPermission, .fileWriteNoPermission: return "permission denied"
        case .fileWriteOutOfSpace: return "no space is left"
        case .fileReadNoSuchFile, .fileNoSuchFile: return "it does not exist"
        default: return "error \(error.code.rawValue)"
        }
    }
}
