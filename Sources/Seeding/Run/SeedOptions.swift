/// How a run of seeding behaves.
public struct SeedOptions: Sendable {
    /// Where a run takes place, as far as the caller knows; the guard decides by it.
    public struct Place: Sendable {
        /// It is the embedded server of this machine, which needs no mark.
        public var isEmbedded = false
        /// The name of the environment, where the configuration protects it.
        public var protectedEnvironment: String?
        /// The project ref, where it is known.
        public var ref: String?
        /// The environment's name for commands that a message names.
        public var environment: String?
        /// The word that stands for this database when a person has to type it.
        public var name: String?

        /// A place of which nothing is known.
        public init() {}
    }

    /// How much.
    public var scale: SeedScale
    /// Removes seeded rows that the scale does not have.
    public var prunes = false
    /// Also removes rows of others that refer to removed ones.
    public var removesDependents = false
    /// The most that the database may take; a free project of Supabase has 500 MB.
    public var limitBytes: Int64 = 500_000_000
    /// The password of the seeded accounts; without one they keep theirs, and new ones get a random one.
    public var password: String?
    /// Where the run takes place.
    public var place = Place()
    /// Writes although people's rows are in the database.
    public var allowsRealUsers = false
    /// The tables; by default all.
    public var tables = SeedCatalog.tables
    /// What `pg_stat_activity` and a second run show.
    public var applicationName = "wheels-db/seed"

    /// The defaults of the command line.
    ///
    /// - Parameter scale: How much.
    public init(scale: SeedScale) { self.scale = scale }
}

/// What a run tells while it goes on; called from any thread.
public enum SeedEvent: Sendable {
    /// So many of all rows were handed to the server; this table is being written.
    case wrote(rows: Int, of: Int, table: String)
    /// The references of the rows are being proved.
    case proving(keys: Int)
    /// Rows that the scale does not have are being removed.
    case pruning(table: String)
}

/// What a run did.
public struct SeedReport: Sendable {
    /// What one table got.
    public struct Table: Sendable, Encodable, Equatable {
        /// Schema and name.
        public let name: String
        /// New rows.
        public var inserted = 0
        /// Rows that were there and were not as they should be.
        public var updated = 0
        /// Rows that were there as they should be.
        public var unchanged = 0
        /// Rows that gave way to rows of others with the same key.
        public var leftOut = 0
        /// Rows that the scale does not have and that were removed.
        public var removed = 0

        /// Whether anything was changed.
        public var isChanged: Bool { inserted + updated + removed > 0 }
    }

    /// Where the password of the accounts came from.
    public enum Password: Sendable, Equatable {
        /// The caller gave it.
        case given
        /// It was made here and is shown this once.
        case generated(String)
        /// The accounts were there and keep theirs.
        case kept
    }

    /// The tables in the order they were filled.
    public let tables: [Table]
    /// The password of the accounts.
    public let password: Password
    /// Foreign keys that were proved for the seeded rows.
    public let provedKeys: Int
    /// How long it took.
    public let duration: Duration

    /// All new rows.
    public var inserted: Int { tables.reduce(0) { $0 + $1.inserted } }
    /// All rows that were put right.
    public var updated: Int { tables.reduce(0) { $0 + $1.updated } }
    /// All rows that were as they should be.
    public var unchanged: Int { tables.reduce(0) { $0 + $1.unchanged } }
    /// All rows that were removed.
    public var removed: Int { tables.reduce(0) { $0 + $1.removed } }
}
