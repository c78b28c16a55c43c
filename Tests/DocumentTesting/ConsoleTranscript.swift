/// A shell session as documents show it: commands after `$ `, each followed by what it prints.
///
/// A command goes on over lines that end in a backslash. Output may leave things out with `…`, see ``OutputPattern``.
/// A command that fails says so in the last line of its output:
///
///     $ wheels-db backup show latest --repository /tmp/none
///     …
///     [exit 10]
public struct ConsoleTranscript: Sendable, Hashable {
    /// One command and what it must print.
    public struct Step: Sendable, Hashable {
        /// The command, with its continuation lines.
        public let command: String
        /// What it prints, stdout and stderr as a terminal shows them.
        public let output: OutputPattern
        /// The exit status it ends with.
        public let exitStatus: Int32
        /// The line of the document that holds the command, counted from 1.
        public let line: Int
    }

    /// A line before the first command, which no command can have printed.
    public struct OutputWithoutCommand: Error, Sendable, Hashable, CustomStringConvertible {
        /// The document.
        public let file: String
        /// The line, counted from 1.
        public let line: Int

        /// The place and the sentence.
        public var description: String {
            "\(file):\(line): a console block starts with a command, written as \"$ command\""
        }
    }

    /// The commands, in order.
    public let steps: [Step]

    /// The session that a block shows.
    ///
    /// - Parameter fence: A block of a document.
    /// - Throws: ``OutputWithoutCommand`` when the block does not start with a command.
    public init(_ fence: MarkdownFence) throws(OutputWithoutCommand) {
        var steps: [Step] = []
        var command: (text: String, line: Int)?
        var output: [Substring] = []
        var continues = false
        func close() {
            guard let command else { return }
            while let last = output.last, last.allSatisfy(\.isWhitespace) { output.removeLast() }
            let exitStatus = output.last.flatMap(Self.exitStatus)
            if exitStatus != nil { output.removeLast() }
            let pattern = OutputPattern(output.joined(separator: "\n"))
            steps.append(Step(command: command.text, output: pattern, exitStatus: exitStatus ?? 0, line: command.line))
            output = []
        }
        let lines = fence.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        for (index, line) in lines.enumerated() {
            if continues, let current = command {
                command = (current.text + "\n" + line, current.line)
                continues = line.hasSuffix("\\")
            } else if line.hasPrefix("$ ") {
                close()
                command = (String(line.dropFirst(2)), fence.line + index)
                continues = line.hasSuffix("\\")
            } else if command != nil {
                output.append(line)
            } else {
                throw OutputWithoutCommand(file: fence.file, line: fence.line + index)
            }
        }
        close()
        self.steps = steps
    }

    /// The commands alone, as a shell script.
    public var script: String { steps.map { $0.command + "\n" }.joined() }

    private static func exitStatus(_ line: Substring) -> Int32? {
        guard line.hasPrefix("[exit "), line.hasSuffix("]") else { return nil }
        return Int32(line.dropFirst("[exit ".count).dropLast())
    }
}
