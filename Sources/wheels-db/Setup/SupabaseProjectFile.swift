/// What `supabase/config.toml` says that matters here.
///
/// Read are tables, and keys with a text, a number, or a list of texts on one or several lines; all else of TOML is
/// passed over. (The file is the Supabase CLI's; its reference: https://supabase.com/docs/guides/local-development/cli/config.)
struct SupabaseProjectFile: Sendable, Equatable {
    /// The schemas that the data API exposes: `[api] schemas`.
    var schemas: [String]?
    /// The refs by the name of the remote: `[remotes.<name>] project_id`.
    var remotes: [String: String] = [:]

    init(_ text: String) {
        var table = ""
        var open: (key: String, text: String)?
        for line in text.split(separator: "\n") {
            let line = Self.withoutComment(line).trimmed
            if var pending = open {
                pending.text += " " + line
                open = pending
            } else if line.hasPrefix("["), line.hasSuffix("]") {
                // A list of tables has nothing that matters here.
                table = line.hasPrefix("[[") ? "" : String(line.dropFirst().dropLast()).trimmed
                continue
            } else if let equals = line.firstIndex(of: "=") {
                open = (String(line[..<equals]).trimmed, String(line[line.index(after: equals)...]).trimmed)
            } else {
                continue
            }
            // A list goes on until its bracket closes.
            guard let (key, value) = open, !value.hasPrefix("[") || value.hasSuffix("]") else { continue }
            open = nil
            take(key, value, of: table)
        }
    }

    private mutating func take(_ key: String, _ value: String, of table: String) {
        let texts = Self.texts(in: value)
        if table == "api", key == "schemas", value.hasPrefix("[") { schemas = texts }
        if table.hasPrefix("remotes."), key == "project_id", let ref = texts.first {
            let name = String(table.dropFirst("remotes.".count))
            remotes[name.filter { $0 != "\"" && $0 != "'" }] = ref
        }
    }

    /// The texts in quotes, in order.
    private static func texts(in value: String) -> [String] {
        var found: [String] = []
        var rest = value[...]
        while let quote = rest.firstIndex(where: { $0 == "\"" || $0 == "'" }) {
            let begin = rest.index(after: quote)
            guard let end = rest[begin...].firstIndex(of: rest[quote]) else { break }
            found.append(String(rest[begin..<end]))
            rest = rest[rest.index(after: end)...]
        }
        return found
    }

    private static func withoutComment(_ line: Substring) -> String {
        var quote: Character?
        for index in line.indices {
            let character = line[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == "#" {
                return String(line[..<index])
            }
        }
        return String(line)
    }
}

extension String {
    fileprivate var trimmed: String {
        let isBlank = { (character: Character) in character.isWhitespace }
        let end = lastIndex { !isBlank($0) }
        guard let begin = firstIndex(where: { !isBlank($0) }), let end else { return "" }
        return String(self[begin...end])
    }
}
