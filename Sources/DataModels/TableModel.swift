public import PostgresTypes

/// A row of a table or view as a Swift value.
///
/// Models are generated from the database's catalog by `wheels-db models generate`, one file a table. They know no
/// client: ``ModelStatement`` is text and parameters for whatever sends it, and any `FieldReader` is a row.
///
/// ```swift
/// let statement = UserTrip.select(where: [UserTrip.Columns.status.equals(.active)])
/// let query = Query(unsafeSQL: statement.sql, parameters: statement.parameters)
/// let trips = try await session.query(query).map { try UserTrip(from: $0) }
/// ```
///
/// ## Topics
/// ### Reading
/// - ``init(from:)``
/// - ``select(where:)``
public protocol RowModel: Hashable, Sendable {
    /// Schema and name.
    static var relation: Relation { get }
    /// The columns in the order of the table.
    static var columnNames: [String] { get }
    /// Reads a row.
    ///
    /// - Parameter row: The row, whose fields are found by name; others than the model's may be among them.
    /// - Throws: `PostgresValueError` naming the field that is missing, NULL or of another type.
    init(from row: some FieldReader) throws(PostgresValueError)
}

/// A row of a table that can be written.
public protocol TableModel: RowModel {
    /// What a new row is made of.
    associatedtype Insert: ModelInsert where Insert.Model == Self
    /// What changes in a row.
    associatedtype Patch: ModelPatch where Patch.Model == Self
}

/// A row of a table with a primary key.
///
/// ```swift
/// var patch = UserTrip.Patch()
/// patch.title = .set("The Big Lap")
/// patch.description = .null
/// let statement = patch.statement(for: trip.key)
/// ```
public protocol KeyedModel: TableModel {
    /// The columns of the primary key.
    associatedtype Key: ModelKey where Key.Model == Self
    /// The row's primary key.
    var key: Key { get }
}

/// The values of a primary key.
public protocol ModelKey: Hashable, Sendable {
    /// The row it is the key of.
    associatedtype Model: KeyedModel
    /// The columns in the order of the key, with their values.
    var fields: [ModelField] { get }
}

/// The values of a new row.
///
/// A column that has a default is left to it unless a value is given.
public protocol ModelInsert: Hashable, Sendable {
    /// The row it becomes.
    associatedtype Model: TableModel
    /// The columns that get a value, with it.
    var fields: [ModelField] { get }
}

/// The columns of a row that change.
public protocol ModelPatch: Hashable, Sendable {
    /// The row that changes.
    associatedtype Model: TableModel
    /// The columns that get another value, with it.
    var fields: [ModelField] { get }
    /// A patch that changes nothing.
    init()
}

extension ModelPatch {
    /// Whether nothing changes.
    public var isEmpty: Bool { fields.isEmpty }
}
