import FoundationEssentials

/// A value of type `json` or `jsonb`, as the text that the server wrote.
///
/// Numbers keep all their digits and nothing is parsed until somebody asks. Two values are equal when their texts are.
///
/// ```swift
/// let theme = try settings.displayPreferences?.decoded(as: DisplayPreferences.self).theme
/// ```
public struct JSONText: PostgresValue, Hashable, CustomStringConvertible, ExpressibleByStringLiteral, Sendable {
    /// The text.
    public let postgresText: String

    /// Takes the text as it is; the server checks it.
    public init(postgresText: String) { self.postgresText = postgresText }

    /// A document written as a literal.
    ///
    /// - Parameter value: The text.
    public init(stringLiteral value: String) { postgresText = value }

    /// A document that holds a value, keys in order.
    ///
    /// - Parameter value: The value.
    /// - Throws: ``PostgresValueError`` when the value has no JSON form, such as an infinite number.
    public init(encoding value: some Encodable) throws(PostgresValueError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do { postgresText = String(decoding: try encoder.encode(value), as: UTF8.self) } catch {
            throw PostgresValueError("a value of \(type(of: value)) has no JSON form: \(Self.reason(error))")
        }
    }

    /// What the document holds.
    ///
    /// - Parameter type: The wanted type.
    /// - Returns: The value.
    /// - Throws: ``PostgresValueError`` with the place in the document, and without what stands there.
    public func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws(PostgresValueError) -> Value {
        do { return try JSONDecoder().decode(Value.self, from: Data(postgresText.utf8)) } catch {
            throw PostgresValueError("the JSON document is no \(Value.self): \(Self.reason(error))")
        }
    }

    /// The text.
    public var description: String { postgresText }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case DecodingError.typeMismatch(let type, let context): "\(place(context.codingPath)) is no \(type)"
        case DecodingError.valueNotFound(_, let context): "\(place(context.codingPath)) is null or missing"
        case DecodingError.keyNotFound(let key, let context): "\(place(context.codingPath + [key])) is missing"
        case DecodingError.dataCorrupted(let context): "\(place(context.codingPath)) cannot be read"
        case EncodingError.invalidValue(_, let context): "\(place(context.codingPath)) cannot be written"
        default: "it cannot be read"
        }
    }

    private static func place(_ path: [any CodingKey]) -> String {
        path.isEmpty ? "the whole" : path.map(\.stringValue).joined(separator: ".")
    }
}

/// A `json` or `jsonb` field read as a type of one's own; the text stays beside the value.
///
/// ```swift
/// let preferences = try row.value("preferences", as: JSONColumn<Preferences>.self).value
/// ```
public struct JSONColumn<Value: Codable & Sendable>: PostgresValue, Sendable {
    /// The document as it came, or as it will be sent.
    public let json: JSONText
    /// What it holds.
    public let value: Value

    /// Reads the document.
    public init(postgresText: String) throws(PostgresValueError) {
        json = JSONText(postgresText: postgresText)
        value = try json.decoded()
    }

    /// A document that holds a value.
    ///
    /// - Parameter value: The value.
    /// - Throws: ``PostgresValueError`` when the value has no JSON form.
    public init(_ value: Value) throws(PostgresValueError) {
        json = try JSONText(encoding: value)
        self.value = value
    }

    /// The document.
    public var postgresText: String { json.postgresText }
}
