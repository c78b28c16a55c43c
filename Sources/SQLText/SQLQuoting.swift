/// Quoting of identifiers and literals: the one place where a name or a value becomes SQL text.
///
/// See PostgreSQL 15 manual, section 4.1 "Lexical Structure". Every identifier is quoted, so that no keyword list of
/// one server version decides what is safe.
public enum SQLQuoting: Sendable {
    /// An identifier in double quotes.
    ///
    /// - Parameter name: The name as the catalog stores it.
    /// - Returns: The quoted name.
    public static func identifier(_ name: String) -> String {
        "\"" + name.replacing("\"", with: "\"\"") + "\""
    }

    /// A schema-qualified name.
    ///
    /// - Parameters:
    ///   - schema: The schema's name.
    ///   - name: The object's name.
    /// - Returns: Both names, quoted, with a dot between.
    public static func qualified(_ schema: String, _ name: String) -> String {
        identifier(schema) + "." + identifier(name)
    }

    /// A string literal that is right whatever `standard_conforming_strings` says.
    ///
    /// - Parameter text: The value; must not hold a NUL byte, which PostgreSQL cannot store.
    /// - Returns: The literal.
    public static func literal(_ text: String) -> String {
        let doubled = text.replacing("'", with: "''")
        guard doubled.utf8.contains(UInt8(ascii: "\\")) else { return "'" + doubled + "'" }
        return " E'" + doubled.replacing("\\", with: "\\\\") + "'"
    }

    /// A string literal, or `NULL`.
    ///
    /// - Parameter text: The value.
    /// - Returns: The literal, or the word `NULL`.
    public static func literal(_ text: String?) -> String {
        guard let text else { return "NULL" }
        return literal(text)
    }
}
