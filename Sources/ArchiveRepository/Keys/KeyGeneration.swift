import Foundation
public import SealedStreams

/// A writer key and the archive identity that opens what it seals, made together.
///
/// A repository has one generation from the beginning; rotating the keys, or losing the writer key, makes another. Each
/// holder has a file of their own for each generation, an ordinary age file: opened by the `age` program, it is an
/// identity file again, which opens the data keys of the generation's runs.
public struct KeyGeneration: Sendable {
    /// The writer key.
    public let writerKey: WriterKey
    let archive: AgeIdentity
    /// When it was made, as ISO 8601 in UTC.
    let created: String

    /// A new generation.
    ///
    /// - Throws: `SealedStreamError` when there is no randomness to be had.
    public init() throws {
        archive = try AgeIdentity()
        writerKey = try WriterKey(recipient: archive.recipient)
        created = Date.now.formatted(.iso8601)
    }

    /// The name of the generation: the fingerprint of its writer key.
    public var name: KeyFingerprint { get throws { try writerKey.fingerprint } }

    /// The text that is sealed for each holder.
    func secretText() throws -> String {
        """
        # The keys of a wheels-db repository, generation \(try name), made \(created).
        # This file is an age identity: age --decrypt --identity THIS-FILE runs/<backup>.age
        # \(try writerKey.secretText)
        \(archive.secretText)

        """
    }

    /// The generation in a text.
    init(secretText text: String, name: String) throws {
        let lines = text.split(whereSeparator: \.isNewline)
        guard let key = lines.first(where: { $0.hasPrefix("# WHEELS-WRITER-KEY-") }),
            let writerKey = try? WriterKey(text: String(key.dropFirst(2))),
            let archive = try? AgeIdentity.identities(inFile: text, name: name).first,
            archive.recipient == writerKey.recipient
        else { throw RepositoryError.corrupt(name, "opens and holds no keys of a repository") }
        self.writerKey = writerKey
        self.archive = archive
        created = text.firstMatch(of: #/, made ([0-9TZ:-]+)\./#).map { String($0.output.1) } ?? ""
    }
}
