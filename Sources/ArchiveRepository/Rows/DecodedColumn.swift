/// Where the values of a decoded column stand.
struct DecodedColumn: Sendable {
    /// The first byte of the values.
    let start: Int
    /// The length of every value, if all have one and there is no NULL.
    let width: Int?
    /// Where the column's lengths begin; there is one for each row, -1 for NULL, unless ``width`` says it.
    let lengths: Int
}
