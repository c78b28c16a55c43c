import ArgumentParser

/// The options that every command takes.
struct GlobalOptions: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("The environment of wheels-db.yml to work on.", valueName: "name"))
    var env: String?

    @Option(
        help: ArgumentHelp("The database to work on. Goes before --env, WHEELS_ENV and DATABASE_URL.", valueName: "url")
    )
    var databaseURL: String?

    @Option(help: ArgumentHelp("The configuration; by default the nearest wheels-db.yml.", valueName: "file"))
    var config: String?

    @Flag(help: "Print one JSON document on standard output.")
    var json = false

    @Flag(name: [.short, .long], help: "Print only data and errors.")
    var quiet = false

    @Flag(name: [.short, .long], help: "Print more about what is done.")
    var verbose = false

    @Flag(help: "Print without colours, as with NO_COLOR.")
    var noColor = false

    @Flag(name: [.short, .long], help: "Answer questions with yes. Not enough for a protected database.")
    var yes = false

    @Option(help: ArgumentHelp("The ref of the protected database that may be changed.", valueName: "ref"))
    var confirm: String?

    @Flag(help: "Allow a connection without TLS to a host that is not this machine.")
    var allowPlaintext = false

    @Option(
        help: ArgumentHelp(
            "How long a database that cannot be reached is tried again, such as 5m. Default: 60s off a terminal, else 0s.",
            valueName: "time"
        ),
        transform: {
            guard let duration = DurationText.parse($0) else {
                throw ValidationError("Write a number and s, m or h, such as 30s.")
            }
            return duration
        }
    )
    var waitTimeout: Duration?

    func validate() throws {
        if quiet, verbose { throw ValidationError("--quiet and --verbose exclude each other.") }
    }
}
