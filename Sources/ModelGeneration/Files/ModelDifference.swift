public import Diagnostics

/// A way in which checked-in models are not those of the database.
public struct ModelDifference: Hashable, Codable, Sendable {
    /// What is wrong with a file.
    public enum Kind: String, Hashable, Codable, Sendable {
        /// The database has something without a model.
        case missing
        /// The model is that of another state of the database.
        case stale
        /// The database has nothing for a model any more.
        case extra
    }

    /// The file's name.
    public let file: String
    /// What is wrong with it.
    public let kind: Kind
    /// The first line that differs, from 1.
    public let line: Int?
    /// That line as the database wants it; `nil` when the file should have ended.
    public let expected: String?
    /// That line as it is; `nil` when the file ends before it.
    public let found: String?

    /// The difference as a sentence, with what to do.
    public var finding: Finding {
        let message =
            switch kind {
            case .missing: "\(file) is missing."
            case .extra: "\(file) is the model of something that the database does not have."
            case .stale:
                "\(file) differs from line \(line ?? 1) on: the database says \(Self.shown(expected)), the file "
                    + "\(Self.shown(found))."
            }
        return Finding(
            code: "models.\(kind.rawValue)", severity: .error, subject: file, message: message,
            remedy: Remedy("Generate the models again and commit them:", command: "wheels-db models generate"))
    }

    private static func shown(_ line: String?) -> String {
        guard let line else { return "nothing more" }
        return line.isEmpty ? "an empty line" : "`\(line.drop { $0 == " " })`"
    }
}

extension ModelPlan {
    /// How the files of a folder differ from the plan.
    ///
    /// - Parameter folder: The folder's files.
    /// - Returns: One difference a file, by name; none when all are as they should be.
    public func differences(from folder: ModelFolder) -> [ModelDifference] {
        let planned = files.compactMap { file -> ModelDifference? in
            guard let text = folder.texts[file.name] else {
                return ModelDifference(file: file.name, kind: .missing, line: nil, expected: nil, found: nil)
            }
            return text == file.text ? nil : Self.difference(file, text)
        }
        let names = Set(files.map(\.name))
        let extra = folder.generated.filter { !names.contains($0) }.map {
            ModelDifference(file: $0, kind: .extra, line: nil, expected: nil, found: nil)
        }
        return (planned + extra).sorted { $0.file < $1.file }
    }

    private static func difference(_ file: ModelFile, _ text: String) -> ModelDifference {
        let expected = file.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let found = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let line = zip(expected, found).enumerated().first { $0.element.0 != $0.element.1 }?.offset
        let place = line ?? min(expected.count, found.count)
        return ModelDifference(
            file: file.name, kind: .stale, line: place + 1,
            expected: place < expected.count ? expected[place] : nil,
            found: place < found.count ? found[place] : nil)
    }

    /// What has to be written and removed so that a folder holds the plan.
    ///
    /// - Parameter folder: The folder's files.
    /// - Returns: The changes.
    /// - Throws: ``ModelError`` when a file of the plan would replace one that was not generated.
    public func changes(to folder: ModelFolder) throws(ModelError) -> ModelChanges {
        let generated = Set(folder.generated)
        let differing = Set(differences(from: folder).map(\.file))
        let written = files.filter { differing.contains($0.name) }
        if let foreign = written.first(where: { folder.texts[$0.name] != nil && !generated.contains($0.name) }) {
            throw .foreignFile("\(folder.path)/\(foreign.name)")
        }
        let names = Set(files.map(\.name))
        return ModelChanges(
            written: written,
            removed: folder.generated.filter { !names.contains($0) },
            unchanged: files.count - written.count
        )
    }
}

/// What has to be done to a folder so that it holds the models of a database.
public struct ModelChanges: Hashable, Sendable {
    /// The files that are new or differ.
    public let written: [ModelFile]
    /// The names of generated files that go.
    public let removed: [String]
    /// How many files stay as they are.
    public let unchanged: Int

    /// Whether there is nothing to do.
    public var isEmpty: Bool { written.isEmpty && removed.isEmpty }
}
