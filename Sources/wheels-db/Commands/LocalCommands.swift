import ArgumentParser
import Diagnostics
import Foundation
import LocalPostgres
import PostgresClient

/// The group `wheels-db local`.
struct Local: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "local",
        abstract: "The embedded PostgreSQL that looks like a Supabase project.",
        discussion: HelpText.discussion(
            "It is kept under .wheels/local of the project.",
            examples: "wheels-db local start", "wheels-db local psql -- -c 'select now()'"
        ),
        subcommands: [Start.self, Stop.self, Status.self, Reset.self, URLCommand.self, Psql.self]
    )

    /// What a server's JSON document says.
    struct Document: Encodable {
        let state: String
        let url: String?
        let dataDirectory: String?
    }

    /// Starts the server.
    struct Start: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "start",
            abstract: "Start the server, making it first if it is not there.",
            discussion: HelpText.discussion(examples: "wheels-db local start")
        )
        static let words = "local start"
        @OptionGroup var global: GlobalOptions

        func run(in context: CommandContext) async throws {
            let cluster = context.localCluster
            let binaries = try await ServerBinaries.find(environment: context.environment.variables)
            let (server, outcome) = try await cluster.start(binaries: binaries)
            if let note = cluster.note(on: server) { context.report.note(note) }
            let document = Document(state: outcome.rawValue, url: server.url(), dataDirectory: server.dataDirectory)
            try context.report.result(document, text: "PostgreSQL is running (\(outcome.rawValue)).\n\(server.url())")
        }
    }

    /// Stops the server.
    struct Stop: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "stop",
            abstract: "Stop the server; its data stays.",
            discussion: HelpText.discussion(examples: "wheels-db local stop")
        )
        static let words = "local stop"
        @OptionGroup var global: GlobalOptions

        func run(in context: CommandContext) async throws {
            let wasRunning = try await context.localCluster.stop()
            try context.report.result(
                Document(state: "stopped", url: nil, dataDirectory: nil),
                text: wasRunning ? "Stopped." : "It was not running."
            )
        }
    }

    /// Shows the server.
    struct Status: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "status",
            abstract: "Say whether the server runs, where, and how large it is.",
            discussion: HelpText.discussion(examples: "wheels-db local status --json")
        )
        static let words = "local status"
        @OptionGroup var global: GlobalOptions

        func run(in context: CommandContext) async throws {
            let status = try await context.localCluster.status()
            let state =
                switch status.state {
                case .absent: "absent"
                case .stopped: "stopped"
                case .running(let pid): "running (process \(pid))"
                }
            let version = status.version.map { "PostgreSQL \($0)" } ?? ""
            let size = status.databaseBytes.map { HumanUnits.bytes(Int64($0)) } ?? ""
            try context.report.result(
                Document(state: state, url: status.url, dataDirectory: status.dataDirectory),
                text: [state, version, status.url ?? "", size].filter { !$0.isEmpty }.joined(separator: "\n")
            )
        }
    }

    /// Makes the server anew.
    struct Reset: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "reset",
            abstract: "Remove the server's data and begin anew, on the same port.",
            discussion: HelpText.discussion(examples: "wheels-db local reset --yes")
        )
        static let words = "local reset"
        @OptionGroup var global: GlobalOptions

        func run(in context: CommandContext) async throws {
            let cluster = context.localCluster
            guard global.yes || context.environment.isInteractive else {
                throw CommandError(
                    "guard.yes-missing",
                    "This removes everything in the embedded server, and this is no terminal to ask on.",
                    remedy: Remedy("Repeat it with --yes.")
                )
            }
            if !global.yes {
                let answer = context.report.ask("Remove everything in the embedded server? [y/N]")
                guard answer?.lowercased().hasPrefix("y") == true else {
                    throw CommandError("guard.declined", "Nothing was changed.", failureClass: .refused)
                }
            }
            let binaries = try await ServerBinaries.find(environment: context.environment.variables)
            let server = try await cluster.reset(binaries: binaries)
            try context.report.result(
                Document(state: "created", url: server.url(), dataDirectory: server.dataDirectory),
                text: "The server is new.\n\(server.url())"
            )
        }
    }

    /// Prints the server's URL.
    struct URLCommand: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "url",
            abstract: "Print the connection URL, for other programs.",
            discussion: HelpText.discussion(examples: "DATABASE_URL=$(wheels-db local url)")
        )
        static let words = "local url"
        @OptionGroup var global: GlobalOptions

        func run(in context: CommandContext) async throws {
            let server = try context.runningServer()
            let document = Document(state: "running", url: server.url(), dataDirectory: server.dataDirectory)
            try context.report.result(document, text: server.url())
        }
    }

    /// Opens psql.
    struct Psql: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "psql",
            abstract: "Open psql on the server.",
            discussion: HelpText.discussion(examples: "wheels-db local psql -- -c 'select now()'")
        )
        static let words = "local psql"
        @OptionGroup var global: GlobalOptions
        @Argument(parsing: .postTerminator, help: "Arguments of psql.") var arguments: [String] = []

        func run(in context: CommandContext) async throws {
            let server = try context.runningServer()
            guard let psql = server.binaries.psql else {
                throw CommandError(
                    "local.no-psql",
                    "There is no psql beside the server's programs.",
                    remedy: Remedy("Install it:", command: "apt-get install postgresql-client-15"),
                    failureClass: .notFound
                )
            }
            let variables = context.environment.variables.merging(server.settings().environment) { $1 }
            throw ExitCode(try ReplacedProcess.run(psql, arguments, environment: variables))
        }
    }
}

extension CommandContext {
    /// The embedded server of this project.
    var localCluster: KeptCluster { KeptCluster(folder: environment.absolutePath(".wheels/local")) }

    /// The embedded server, which must be running.
    func runningServer() throws -> LocalServer {
        guard let server = try localCluster.runningServer() else {
            throw CommandError(
                "local.not-running",
                "The embedded server is not running.",
                remedy: Remedy("Start it:", command: "wheels-db local start"),
                failureClass: .unreachable
            )
        }
        return server
    }
}

/// Runs another program in the place of this one: it has the terminal.
enum ReplacedProcess {
    static func run(_ path: String, _ arguments: [String], environment: [String: String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = environment
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
