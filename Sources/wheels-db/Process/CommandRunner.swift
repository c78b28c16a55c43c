import ArgumentParser
import Diagnostics
import LogicalBackup

/// Runs one command line from its arguments to its exit code.
struct CommandRunner: Sendable {
    let environment: ProcessEnvironment
    let console: Console
    /// Time and stores; tests bring their own.
    var world = RunWorld()

    /// Parses and runs; the exit code is the result.
    ///
    /// - Parameters:
    ///   - arguments: The arguments without the program's name.
    ///   - isInterrupted: Whether a signal asked to stop.
    /// - Returns: The exit code.
    func run(_ arguments: [String], isInterrupted: @Sendable () -> Bool = { false }) async -> Int32 {
        let command: any ParsableCommand
        do {
            command = try WheelsDB.parseAsRoot(arguments)
        } catch {
            return reportParsing(error, arguments: arguments)
        }
        guard let wheels = command as? any WheelsCommand else { return runBuiltIn(command, arguments: arguments) }
        return await run(wheels, isInterrupted: isInterrupted)
    }

    private func run(_ command: any WheelsCommand, isInterrupted: @Sendable () -> Bool) async -> Int32 {
        let style = OutputStyle(options: command.global, environment: environment)
        let report = Reporter(command: type(of: command).words, style: style, console: console)
        let context = CommandContext(options: command.global, environment: environment, report: report, world: world)
        let notifier = command.isNotified ? Notifier(command, in: context) : nil
        await notifier?.begun()
        var failure: (any ExplainedError)?
        var code = ExitStatus.ok.rawValue
        do {
            try await command.run(in: context)
        } catch let exit as ExitCode {
            code = exit.rawValue
        } catch {
            let explained = Self.explain(error, isInterrupted: isInterrupted())
            report.error(explained)
            failure = explained
            code = ExitStatus(explained.failureClass).rawValue
        }
        await notifier?.ended(code, failure)
        return code
    }

    /// The error as a person and a script can read it.
    static func explain(_ error: any Error, isInterrupted: Bool) -> any ExplainedError {
        // A restore, a prune and a deploy say themselves what an interruption left behind.
        if let told = error as? any ExplainedError, told.failureClass == .interrupted { return told }
        if isInterrupted || error is CancellationError {
            return CommandError(
                "interrupted", "Interrupted; what was begun was cleaned up.", failureClass: .interrupted)
        }
        if let explained = error as? any ExplainedError { return explained }
        if let usage = error as? ValidationError { return CommandError("usage", usage.message) }
        return CommandError("unexpected", "Unexpected error: \(error)", failureClass: .failure)
    }
}

// MARK: - The parser's own answers

extension CommandRunner {
    /// Help, version, completion scripts and usage errors.
    private func reportParsing(_ error: any Error, arguments: [String]) -> Int32 {
        let code = WheelsDB.exitCode(for: error)
        if code.isSuccess {
            try? console.writeOutput(WheelsDB.fullMessage(for: error) + "\n")
            return ExitStatus.ok.rawValue
        }
        let usage = CommandError(
            "usage",
            WheelsDB.message(for: error),
            remedy: Remedy("", command: helpCommand(for: arguments))
        )
        if arguments.prefix(while: { $0 != "--" }).contains("--json") {
            var style = OutputStyle()
            style.isJSON = true
            style.isQuiet = true
            Reporter(command: "usage", style: style, console: console).error(usage)
        }
        console.writeError(WheelsDB.fullMessage(for: error) + "\n")
        return ExitStatus.usage.rawValue
    }

    /// A group without a verb, which a script must not take for success, or a command of the parser.
    private func runBuiltIn(_ command: any ParsableCommand, arguments: [String]) -> Int32 {
        var command = command
        if type(of: command).configuration.subcommands.isEmpty {
            do { try command.run() } catch { return reportParsing(error, arguments: arguments) }
            return ExitStatus.ok.rawValue
        }
        let words = (["wheels-db"] + arguments.filter { !$0.hasPrefix("-") }).joined(separator: " ")
        let verbs = type(of: command).configuration.subcommands.compactMap { $0.configuration.commandName }
        let missing = CommandError(
            "usage",
            "\(words) needs one of: \(verbs.joined(separator: ", ")).",
            remedy: Remedy("", command: helpCommand(for: arguments))
        )
        var style = OutputStyle()
        style.isJSON = arguments.contains("--json")
        Reporter(command: "usage", style: style, console: console).error(missing)
        return ExitStatus.usage.rawValue
    }

    private func helpCommand(for arguments: [String]) -> String {
        var node: any ParsableCommand.Type = WheelsDB.self
        var words = ["wheels-db"]
        for argument in arguments where !argument.hasPrefix("-") {
            let next = node.configuration.subcommands.first { $0.configuration.commandName == argument }
            guard let next else { break }
            node = next
            words.append(argument)
        }
        return (words + ["--help"]).joined(separator: " ")
    }
}
