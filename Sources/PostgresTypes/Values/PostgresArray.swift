/// A value of an array type: elements that may be NULL, in one or more dimensions, with their lower bounds.
///
/// See PostgreSQL 15 manual, section 8.15 "Arrays". Most arrays have one dimension that counts from 1 and no NULL in it;
/// they are written as a literal and read by ``values``.
///
/// ```swift
/// let tags: PostgresArray<String> = ["coast", "free camp"]
/// ```
public struct PostgresArray<Element: PostgresValue>: PostgresValue, CustomStringConvertible, Sendable {
    /// The elements row by row; `nil` is NULL.
    public let elements: [Element?]
    /// The dimensions, outermost first; an empty array has none.
    public let dimensions: [PostgresArrayDimension]

    /// An array of one dimension that counts from 1.
    ///
    /// - Parameter elements: The elements; `nil` is NULL.
    public init(_ elements: [Element?]) {
        self.elements = elements
        dimensions = elements.isEmpty ? [] : [PostgresArrayDimension(count: elements.count)]
    }

    /// An array of any shape.
    ///
    /// - Parameters:
    ///   - elements: The elements row by row.
    ///   - dimensions: The dimensions, outermost first; `nil` comes of a shape that does not hold so many elements.
    public init?(_ elements: [Element?], dimensions: [PostgresArrayDimension]) {
        let product = dimensions.reduce(dimensions.isEmpty ? 0 : 1) { $0 * $1.count }
        guard dimensions.count <= 6, product == elements.count, dimensions.allSatisfy({ $0.count > 0 }) else {
            return nil
        }
        self.elements = elements
        self.dimensions = dimensions
    }

    /// Reads `{a,"b c",NULL}`, also nested and with bounds.
    public init(postgresText: String) throws(PostgresValueError) {
        var reader = ArrayTextReader(postgresText)
        guard let found = reader.read() else {
            throw PostgresValueError("\"\(postgresText)\" is no array")
        }
        var elements: [Element?] = []
        elements.reserveCapacity(found.elements.count)
        for text in found.elements {
            elements.append(try text.map { text throws(PostgresValueError) in try Element(postgresText: text) })
        }
        self.elements = elements
        dimensions = found.dimensions
    }

    /// The text form as the server writes it.
    public var postgresText: String { ArrayText.write(elements.map { $0?.postgresText }, dimensions) }
    /// The text form as the server writes it.
    public var description: String { postgresText }

    /// The elements that are not NULL.
    public var values: [Element] { elements.compactMap(\.self) }
    /// Whether there are no elements.
    public var isEmpty: Bool { elements.isEmpty }
    /// How many elements there are, NULLs included.
    public var count: Int { elements.count }
}

extension PostgresArray: Equatable where Element: Equatable {}
extension PostgresArray: Hashable where Element: Hashable {}

extension PostgresArray: ExpressibleByArrayLiteral {
    /// An array of one dimension written as a literal.
    ///
    /// - Parameter elements: The elements; `nil` is NULL.
    public init(arrayLiteral elements: Element?...) { self.init(elements) }
}

/// One dimension of an array: where it begins to count, and how many elements it has.
public struct PostgresArrayDimension: Hashable, Sendable {
    /// The number of its first element, 1 unless somebody chose another.
    public let lowerBound: Int
    /// How many elements there are.
    public let count: Int

    /// A dimension.
    ///
    /// - Parameters:
    ///   - lowerBound: The number of its first element.
    ///   - count: How many elements there are.
    public init(lowerBound: Int = 1, count: Int) {
        self.lowerBound = lowerBound
        self.count = count
    }
}
