import PoolChecks

/// What `wheels-db.yml` says: everything about a project that is no secret.
struct Configuration: Sendable, Equatable {
    /// The file it was read from, as the user would name it.
    var file: String
    /// The databases by name.
    var environments: [String: EnvironmentSettings] = [:]
    /// The schemas that the data API exposes.
    var apiSchemas: [String] = ["public"]
    /// The connection slots of the database.
    var connections = ConnectionBudgetSettings()
    /// Other limited resources by name, such as Redis connections.
    var resources: [String: Int] = [:]
    /// The services that open connections.
    var services: [String: ServiceSettings] = [:]
    /// What the environment of a service has to hold; a variable may have several rules.
    var requiredVariables: [String: [VariableRequirement]] = [:]
    /// Where backups go: a directory or `s3://bucket/prefix`.
    var repository: String?
    /// The public keys that can open backups.
    var recipients: [String] = []
    /// How long backups stay.
    var retention = RetentionSettings()
    /// How often a backup reads every row again.
    var fullEvery: Duration?
    /// Who is told, and when.
    var notifications: [NotificationSettings] = []
    /// How much may be lost, and how long a recovery may take.
    var recovery = RecoveryTargets()
    /// Other services whose health is passed on.
    var probes: [String: ProbeSettings] = [:]
}

/// One database of the project.
struct EnvironmentSettings: Sendable, Equatable {
    /// The environment variable that holds the URL.
    var urlFrom: String
    /// The project ref of Supabase, twenty letters and digits.
    var ref: String?
    /// Whether changing it needs its ref typed.
    var isProtected = false
    /// Bytes that the plan lets the server send in a month.
    var egressPlan: ByteSize?
    /// Bytes that the plan lets the database hold.
    var databasePlan: ByteSize?
    /// Bytes that the backups of a month may receive.
    var egressBudget: ByteSize?
    /// Bytes of rows that a backup may receive a second.
    var maxRate: ByteSize?
    /// How long somebody may wait for a table before a backup gives way; zero: for ever.
    var giveWayAfter: Duration?
}

/// The connection slots of the database, and how many to leave free.
struct ConnectionBudgetSettings: Sendable, Equatable {
    var limit = 60
    var reserved = 3
    var margin: Int?
    /// Server connections that the pooler opens for each role and mode.
    var poolSize: Int?
    /// Clients that the pooler takes in transaction mode.
    var maxClients: Int?
    /// Connections of Supabase's own parts, by name, in place of the usual numbers.
    var platform: [String: Int] = [:]
}

/// A service that opens connections.
struct ServiceSettings: Sendable, Equatable {
    var instances = 1
    /// The most instances that scaling may start; as many as there are unless given.
    var maxInstances: Int?
    var processes = 1
    /// Instances that a rolling deploy adds; all of them unless given.
    var surge: Int?
    /// The database role it logs in as.
    var role: String?
    /// Its `application_name`.
    var application: String?
    /// How it reaches the database.
    var route = DeclaredService.Route.direct
    var pools: [PoolSettings] = []
}

/// One pool that each process of a service keeps.
struct PoolSettings: Sendable, Equatable {
    var name: String
    var size: Int
    var overflow = 0
    /// The fewest connections it can work with.
    var minimum = 1
    /// What it draws from: `database`, or a name under `resources`.
    var resource = "database"
}

/// How many backups stay.
struct RetentionSettings: Sendable, Equatable {
    var last: Int?
    var hourly: Int?
    var daily: Int?
    var weekly: Int?
    var monthly: Int?
    var yearly: Int?
    /// No backup younger than this is ever removed.
    var within: Duration?
}

/// An address or a program that is told about runs.
struct NotificationSettings: Sendable, Equatable {
    /// What a message can be about.
    enum Event: String, CaseIterable, Sendable {
        case start
        case success
        case findings
        case failure
    }

    /// What the receiver understands.
    enum Shape: String, CaseIterable, Sendable {
        /// A check of healthchecks.io and its like: the address itself, and `/start` and `/fail` behind it.
        case ping
        /// A cron monitor of Sentry: `status=in_progress`, `ok` or `error`.
        case sentry
        /// An incoming web hook of Slack and its like: `{"text": …}`.
        case slack
        /// A JSON document of our own.
        case webhook
    }

    /// Who is told.
    enum Receiver: Sendable, Equatable {
        /// The environment variable that holds the address.
        case url(from: String)
        /// A program and its arguments; no shell reads them.
        case command([String])
    }

    var receiver: Receiver
    var shape = Shape.webhook
    /// What it is told of; `nil`: all that a monitor needs, else findings, such as a backup that is too old, and failures.
    var events: [Event]?
    /// The commands that it is told of; `nil`: the nightly backup for a monitor, else all.
    var commands: [String]?

    /// What it is called in messages; an address is a secret, so that what it comes from is named.
    var name: String {
        switch receiver {
        case .url(let variable): variable
        case .command(let words): words[0]
        }
    }

    /// A monitor watches one job: another one that goes well must not look like it.
    private var isMonitor: Bool { shape == .ping || shape == .sentry }

    /// Whether it is told of an event of a command.
    func hears(_ event: Event, of command: String) -> Bool {
        guard commands?.contains(command) ?? (!isMonitor || command == "backup create") else { return false }
        return events?.contains(event) ?? (isMonitor || event == .findings || event == .failure)
    }

    /// Whether it is told of a command at all.
    func hearsAnything(of command: String) -> Bool { Event.allCases.contains { hears($0, of: command) } }

    /// The commands that tell of their runs.
    static let notifyingCommands = ["backup create", "backup check", "backup verify", "backup prune", "drill"]
}

/// The promises that backups and drills are measured against.
struct RecoveryTargets: Sendable, Equatable {
    /// The most recent work that may be lost.
    var point: Duration?
    /// The longest time a recovery may take.
    var time: Duration?
}

/// Another service that `health` asks.
struct ProbeSettings: Sendable, Equatable {
    var urlFrom: String
    var timeout: Duration = .seconds(5)
}
