/// One statement of a script.
public struct Statement: Sendable, Hashable {
    /// The statement from its first token on, without the closing `;`.
    public let text: String
    /// The statement with the comments before it, as the Supabase CLI keeps it in its ledger.
    public let textWithComments: String
    /// Where ``text`` stands in the script, in bytes.
    public let utf8Range: Range<Int>
    /// What the statement is, as far as running it depends on that.
    public let kind: StatementKind

    /// The place in the script of a character of ``text``.
    ///
    /// Servers count positions in characters (Unicode scalars) from 1, within the text that was sent.
    ///
    /// - Parameter position: The server's position; clamped to the text.
    /// - Returns: Bytes before that place in the script.
    public func utf8Offset(ofCharacter position: Int) -> Int {
        utf8Range.lowerBound + text.utf8Offset(ofCharacter: position)
    }
}

extension String {
    /// Bytes before a character that is counted in Unicode scalars from 1; clamped to the text.
    func utf8Offset(ofCharacter position: Int) -> Int {
        let scalars = unicodeScalars
        let index = scalars.index(scalars.startIndex, offsetBy: max(position - 1, 0), limitedBy: scalars.endIndex)
        return utf8.distance(from: startIndex, to: index ?? endIndex)
    }
}
