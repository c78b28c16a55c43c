/// Words a person remembers, from which a key is made by scrypt.
public struct Passphrase: Sendable {
    let bytes: SecretBytes

    /// A passphrase as it was typed.
    ///
    /// - Parameter text: The words; their UTF-8 bytes count.
    public init(_ text: String) {
        bytes = SecretBytes(Array(text.utf8))
    }

    /// A passphrase from the content of a file: the first line, without its line end.
    ///
    /// - Parameter text: The content of the file.
    public init(fileText text: String) {
        self.init(String(text.prefix { !$0.isNewline }))
    }

    /// Whether there is nothing in it.
    public var isEmpty: Bool { bytes.count == 0 }
}
