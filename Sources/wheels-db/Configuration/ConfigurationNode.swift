import Diagnostics
import Yams

/// The text of a configuration file, for messages that point into it.
struct ConfigurationSource: Sendable {
    let file: String
    let lines: [Substring]

    init(file: String, text: String) {
        self.file = file
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// A place in the file; its excerpt ends where `length` characters after the place end, so that no value is shown.
    func span(_ mark: Mark?, showing length: Int) -> SourceSpan {
        let line = mark?.line ?? 1
        let column = mark?.column ?? 1
        guard line >= 1, line <= lines.count else {
            return SourceSpan(file: file, line: line, column: column, lineText: "")
        }
        let whole = lines[line - 1]
        let shown = String(whole.prefix(max(0, column - 1) + length))
        return SourceSpan(file: file, line: line, column: column, lineText: shown)
    }
}

/// One value of the configuration file with its place and its path of keys.
struct ConfigurationNode {
    let node: Node
    let path: String
    let source: ConfigurationSource
    /// The place of the key that holds this value.
    let keyMark: Mark?

    /// The error of a value that is not what its key needs.
    func wrongType(expected: String) -> CommandError {
        let found =
            switch node {
            case .mapping: "a mapping"
            case .sequence: "a list"
            case .scalar: isEmpty ? "nothing" : "another value"
            case .alias: "an alias"
            }
        return error("config.wrong-type", "\(path) takes \(expected), and has \(found).")
    }

    /// An error at the place of this value.
    func error(_ code: String, _ message: String, remedy: Remedy? = nil) -> CommandError {
        let span = source.span(node.mark ?? keyMark, showing: isContainer ? 0 : 1)
        return CommandError(code, "\(span): \(message)", remedy: remedy, span: span)
    }

    private var isContainer: Bool {
        if case .scalar = node { false } else { true }
    }

    /// Whether the key stands there without a value.
    var isEmpty: Bool {
        guard case .scalar(let scalar) = node, scalar.style == .plain else { return false }
        return ["", "~", "null"].contains(scalar.string)
    }
}

// MARK: - Scalars

extension ConfigurationNode {
    /// The value as text.
    func string() throws(CommandError) -> String {
        guard case .scalar(let scalar) = node, !isEmpty, !scalar.string.isEmpty else {
            throw wrongType(expected: "a text")
        }
        return scalar.string
    }

    /// The value as `true` or `false`.
    func boolean() throws(CommandError) -> Bool {
        guard case .scalar(let scalar) = node, scalar.style == .plain else {
            throw wrongType(expected: "true or false")
        }
        switch scalar.string {
        case "true": return true
        case "false": return false
        default: throw wrongType(expected: "true or false")
        }
    }

    /// The value as a whole number within bounds.
    func integer(atLeast minimum: Int = 0, atMost maximum: Int = .max) throws(CommandError) -> Int {
        let bounds = maximum == .max ? "of at least \(minimum)" : "from \(minimum) to \(maximum)"
        guard case .scalar(let scalar) = node, scalar.style == .plain, let number = Int(scalar.string),
            (minimum...maximum).contains(number)
        else { throw wrongType(expected: "a whole number \(bounds)") }
        return number
    }

    /// The value as a number of bytes such as `500MB`.
    func size() throws(CommandError) -> ByteSize {
        guard case .scalar(let scalar) = node, let size = ByteSizeText.parse(scalar.string) else {
            throw wrongType(expected: "a size such as 500MB or 5GB")
        }
        return size
    }

    /// The value as a time span such as `90s`, `15m`, `24h`, `7d` or `2w`.
    func duration() throws(CommandError) -> Duration {
        guard case .scalar(let scalar) = node, let duration = DurationText.parse(scalar.string) else {
            throw wrongType(expected: "a time span such as 90s, 15m, 24h, 7d or 2w")
        }
        return duration
    }

    /// The value as one of the cases of an enumeration.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ type: Choice.Type
    ) throws(CommandError) -> Choice where Choice.RawValue == String {
        let text = try string()
        if let choice = Choice(rawValue: text) { return choice }
        let known = Choice.allCases.map(\.rawValue)
        let hint = NearestName.match(for: text, among: known).map { " Did you mean \($0)?" } ?? ""
        throw error("config.unknown-value", "\(path) is one of \(known.joined(separator: ", ")).\(hint)")
    }
}

// MARK: - Containers

extension ConfigurationNode {
    /// The items of a list.
    func items() throws(CommandError) -> [ConfigurationNode] {
        guard case .sequence(let sequence) = node else { throw wrongType(expected: "a list") }
        return sequence.enumerated().map { index, item in
            ConfigurationNode(node: item, path: "\(path)[\(index)]", source: source, keyMark: item.mark)
        }
    }

    /// The items of a list of texts.
    func strings() throws(CommandError) -> [String] {
        var texts: [String] = []
        for item in try items() { texts.append(try item.string()) }
        return texts
    }

    /// The entries of a mapping whose keys are names that the user chose.
    func entries() throws(CommandError) -> [(name: String, value: ConfigurationNode)] {
        guard case .mapping(let mapping) = node else { throw wrongType(expected: "a mapping") }
        var entries: [(name: String, value: ConfigurationNode)] = []
        for (key, value) in mapping {
            guard case .scalar(let scalar) = key else {
                throw error("config.wrong-key", "A key of \(path) is no text.")
            }
            let inner = path.isEmpty ? scalar.string : "\(path).\(scalar.string)"
            let child = ConfigurationNode(node: value, path: inner, source: source, keyMark: key.mark)
            entries.append((scalar.string, child))
        }
        return entries
    }

    /// The values of a mapping that knows all its keys.
    func fields(_ known: [String]) throws(CommandError) -> ConfigurationFields {
        var values: [String: ConfigurationNode] = [:]
        for (name, value) in try entries() {
            guard known.contains(name) else { throw unknownKey(name, at: value, known: known) }
            values[name] = value
        }
        return ConfigurationFields(owner: self, values: values)
    }

    private func unknownKey(_ name: String, at value: ConfigurationNode, known: [String]) -> CommandError {
        let place = source.span(value.keyMark, showing: name.count)
        let whole = path.isEmpty ? "the configuration" : path
        let nearest = NearestName.match(for: name, among: known)
        let remedy =
            if let nearest { Remedy("Did you mean \"\(nearest)\"?") } else {
                Remedy("Known keys of \(whole): \(known.joined(separator: ", ")).")
            }
        return CommandError(
            "config.unknown-key",
            "\(place): unknown key \"\(name)\" in \(whole).",
            remedy: remedy,
            span: place
        )
    }
}

/// The values of a mapping by key, after unknown keys were refused.
struct ConfigurationFields {
    let owner: ConfigurationNode
    let values: [String: ConfigurationNode]

    /// The value of a key that may be missing.
    subscript(key: String) -> ConfigurationNode? { values[key] }

    /// The value of a key that has to be there.
    func required(_ key: String) throws(CommandError) -> ConfigurationNode {
        if let value = values[key] { return value }
        let span = owner.source.span(owner.keyMark ?? owner.node.mark, showing: 1_000)
        let whole = owner.path.isEmpty ? "The configuration" : owner.path
        throw CommandError("config.missing-key", "\(span): \(whole) needs the key \"\(key)\".", span: span)
    }
}
