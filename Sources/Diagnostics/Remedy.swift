/// What to do next: a sentence and, where one exists, the command that does it.
public struct Remedy: Sendable, Hashable, Codable, CustomStringConvertible {
    /// A sentence in the imperative, such as `Start the server, or give another URL.`.
    public let sentence: String
    /// The command to type, without a prompt, such as `wheels-db local start`.
    public let command: String?

    /// A remedy of a sentence and an optional command.
    ///
    /// - Parameters:
    ///   - sentence: What to do, in the imperative.
    ///   - command: The command line that does it.
    public init(_ sentence: String, command: String? = nil) {
        self.sentence = sentence
        self.command = command
    }

    /// The sentence, followed by the command in a form that can be copied.
    public var description: String {
        guard let command else { return sentence }
        return sentence.isEmpty ? command : "\(sentence)  \(command)"
    }
}
