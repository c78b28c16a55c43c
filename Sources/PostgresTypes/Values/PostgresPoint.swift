/// A value of type `point`; the app's columns hold longitude and latitude, in this order.
public struct PostgresPoint: PostgresValue, Hashable, CustomStringConvertible, Sendable {
    /// The first number: the longitude.
    public var x: Double
    /// The second number: the latitude.
    public var y: Double

    /// A point of two numbers.
    ///
    /// - Parameters:
    ///   - x: The first number.
    ///   - y: The second number.
    public init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }

    /// A place on earth.
    ///
    /// - Parameters:
    ///   - longitude: Degrees east.
    ///   - latitude: Degrees north.
    public init(longitude: Double, latitude: Double) { self.init(x: longitude, y: latitude) }

    /// Reads `(144.9631,-37.8136)`.
    public init(postgresText: String) throws(PostgresValueError) {
        let parts = postgresText.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
        guard postgresText.hasPrefix("("), postgresText.hasSuffix(")"), parts.count == 2,
            let x = Double(parts[0]), let y = Double(parts[1])
        else { throw PostgresValueError("\"\(postgresText)\" is no point of the form (1.5,-2)") }
        self.init(x: x, y: y)
    }

    /// The text form, such as `(144.9631,-37.8136)`.
    public var postgresText: String { "(\(x.postgresText),\(y.postgresText))" }
    /// The text form, such as `(144.9631,-37.8136)`.
    public var description: String { postgresText }

    /// Equal when their texts are: a NaN is equal to itself, and 0 is not -0.
    public static func == (lhs: PostgresPoint, rhs: PostgresPoint) -> Bool {
        lhs.x.textIdentity == rhs.x.textIdentity && lhs.y.textIdentity == rhs.y.textIdentity
    }

    /// Hashes what ``==(_:_:)`` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(x.textIdentity)
        hasher.combine(y.textIdentity)
    }
}

extension Double {
    /// The bits, with one pattern for all NaNs.
    fileprivate var textIdentity: UInt64 { isNaN ? Double.nan.bitPattern : bitPattern }
}
