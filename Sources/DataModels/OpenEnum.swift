public import PostgresTypes

/// One of some known words, or another that was added to the database later: reading never fails.
///
/// Compare with the static members; a `switch` needs a `default`, for a new label may come any day.
///
/// ```swift
/// guard trip.status == .active else { return }
/// ```
public protocol OpenEnum: RawRepresentable, PostgresValue, Hashable, Codable, CustomStringConvertible
where RawValue == String {
    /// The words that the database allowed when the model was generated.
    static var knownLabels: [String] { get }
    /// A word, known or not.
    ///
    /// - Parameter rawValue: The word as the database has it.
    init(rawValue: String)
}

extension OpenEnum {
    /// Takes any word.
    public init(postgresText: String) { self.init(rawValue: postgresText) }
    /// The word.
    public var postgresText: String { rawValue }
    /// The word.
    public var description: String { rawValue }

    /// The values that the database allowed when the model was generated.
    public static var known: [Self] { knownLabels.map { Self(rawValue: $0) } }
    /// Whether the database allowed this value when the model was generated.
    public var isKnown: Bool { Self.knownLabels.contains(rawValue) }
}
