import ArgumentParser
import LogicalBackup
import PostgresClient

/// How much a backup may be felt by those who work on the same server.
struct LoadOptions: ParsableArguments, Sendable {
    @Option(
        help: ArgumentHelp(
            "Receive at most so many bytes of rows a second, such as 2MB; also max_rate in wheels-db.yml.",
            valueName: "size"),
        transform: rate)
    var maxRate: ByteSize?
    @Option(
        help: ArgumentHelp(
            "Give way (exit 11) when somebody has waited so long for a table that the backup holds, by default 60s; 0: never.",
            valueName: "time"),
        transform: RetentionOptions.graceTime)
    var giveWayAfter: Duration?

    /// Slower, the server would take a client that is held back for one that is gone.
    static let leastRate = ByteSize(bytes: 64_000)

    static func rate(_ text: String) throws -> ByteSize {
        guard let rate = ByteSizeText.parse(text), rate.bytes >= leastRate.bytes else {
            throw ValidationError("Write a number and kB, MB or GB, at least 64kB, such as 2MB.")
        }
        return rate
    }
}

extension CommandContext {
    /// The load that is allowed on a database: as given, else as the configuration has it.
    func load(
        on target: DatabaseTarget,
        maxRate: ByteSize? = nil,
        giveWayAfter: Duration? = nil
    ) throws -> ServerLoad {
        let configuration = try configuration()
        let environment = target.environmentName.flatMap { configuration?.environments[$0] }
        var load = ServerLoad()
        load.pace = (maxRate ?? environment?.maxRate).map { ReceivingPace(rate: Int($0.bytes)) }
        load.giveWayAfter = giveWayAfter ?? environment?.giveWayAfter ?? load.giveWayAfter
        load.margin = configuration?.connections.margin ?? load.margin
        return load
    }
}

/// How fast rows came, as `--json` prints it: bytes per second.
struct RateDocument: Encodable, Equatable {
    /// What was allowed.
    let limit: Int
    /// The mean; missing where no rows came.
    let mean: Int?
    /// How long workers were held back, in seconds; those of several workers add up.
    let waited: Double

    init(_ pace: ReceivingPace) {
        limit = pace.rate
        mean = pace.record.bytesPerSecond
        waited = pace.record.waited
    }

    /// One line for the end of a run.
    var text: String {
        let most = "at most \(HumanUnits.bytes(Int64(limit))) a second"
        guard let mean else { return "Rate: \(most); no rows came." }
        return "Rate: \(HumanUnits.bytes(Int64(mean))) of rows a second on average, held to \(most)."
    }
}
