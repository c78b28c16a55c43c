import ArchiveRepository
import Diagnostics
import HTTPClient
import OffPool

/// Tells others what happens to a run.
///
/// Nobody who cannot be told changes how the run ends: that is a warning.
struct Notifier: Sendable {
    /// How a receiver is reached.
    private enum Way: Sendable {
        case url(String)
        case command(NotificationCommand)
    }

    private let receivers: [(settings: NotificationSettings, way: Way)]
    private let command: String
    private let environment: String?
    private let host = RunningProcess.current().host
    private let repository: String?
    private let report: Reporter
    private let client: HTTPClient
    private let begin = ContinuousClock.now

    /// How often an address is tried.
    private static let attempts = 2

    /// Whom the configuration names; nobody when there is none, or when it cannot be read, which the command says itself.
    init(_ command: any WheelsCommand, in context: CommandContext) {
        let words = type(of: command).words
        self.command = words
        repository = (command as? any RepositoryCommand).flatMap { Self.place(of: $0.repository, in: context) }
        report = context.report
        environment = context.options.env ?? context.environment["WHEELS_ENV"]
        var options = HTTPClientOptions(
            environment: context.environment.variables, userAgent: "wheels-db/\(WheelsDB.version)")
        (options.connectTimeout, options.wholeTimeout) = (.seconds(5), .seconds(10))
        client = HTTPClient(options: options)
        let configuration = try? context.configuration()
        var receivers: [(NotificationSettings, Way)] = []
        for setting in configuration?.notifications ?? [] where setting.hearsAnything(of: words) {
            switch setting.receiver {
            case .command(let words):
                let program = NotificationCommand(words, in: context.environment, configuration)
                receivers.append((setting, .command(program)))
            case .url(let variable):
                guard let url = context.environment[variable] else {
                    context.report.warning(
                        "\(variable) of notifications is not set: nobody is told there. Set it, or take it out of"
                            + " \(context.options.config ?? "wheels-db.yml").")
                    continue
                }
                receivers.append((setting, .url(url)))
            }
        }
        self.receivers = receivers
    }

    /// The run begins.
    func begun() async { await tell(event(.start)) }

    /// The run is over.
    func ended(_ code: Int32, _ error: (any ExplainedError)?) async {
        let exit = ExitStatus(rawValue: code) ?? .failure
        let finding = exit == .ok ? nil : report.told.worst
        var event = event(RunEvent.kind(of: exit))
        event.exit = exit
        event.duration = .now - begin
        event.error =
            error.map { ($0.code, $0.summary, $0.remedy?.description) }
            ?? finding.map { ($0.code, $0.message, $0.remedy?.description) }
        await tell(event)
    }

    private func event(_ kind: NotificationSettings.Event) -> RunEvent {
        RunEvent(command: command, kind: kind, environment: environment, host: host, repository: repository)
    }

    /// The repository as others may read it: an address without its parameters, and none that has a user in it.
    private static func place(of options: RepositoryOptions, in context: CommandContext) -> String? {
        guard let place = try? options.location(in: context) else { return nil }
        guard place.contains("://") else { return place }
        return place.contains("@") ? nil : String(place.prefix { $0 != "?" })
    }

    private func tell(_ event: RunEvent) async {
        for (settings, way) in receivers where settings.hears(event.kind, of: command) {
            let client = client
            let problem = await offPool { () -> String? in
                guard case .url(let url) = way else {
                    guard case .command(let program) = way else { return nil }
                    return program.tell(event)
                }
                do {
                    let message = try NotificationMessage(event, as: settings.shape, to: url)
                    return Self.send(message, through: client)
                } catch { return "the message could not be written" }
            }
            // The address is a secret: what it comes from is named.
            if let problem { report.warning("\(settings.name) could not be told of this run: \(problem).") }
        }
    }

    /// What went wrong; `nil` when the message was taken.
    private static func send(_ message: NotificationMessage, through client: HTTPClient) -> String? {
        var problem: String?
        for _ in 0..<attempts {
            do {
                let (response, _) = try unsafe client.send(
                    message.request, body: message.body.span.bytes, limit: 1 << 16)
                if (200..<300).contains(response.status) { return nil }
                problem = "it answered \(response.status)"
                // Asked again, it would refuse again.
                if (400..<500).contains(response.status), response.status != 429 { return problem }
            } catch {
                problem = "no answer"
            }
        }
        return problem
    }
}
