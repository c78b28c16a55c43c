import Diagnostics
import PostgresClient

/// What a command works with: its options, the process and the report.
struct CommandContext: Sendable {
    let options: GlobalOptions
    let environment: ProcessEnvironment
    let report: Reporter
    /// Time and stores.
    var world = RunWorld()
    /// The secrets that this run was given as files.
    let secrets = SecretTexts()

    /// The configuration, where there is one.
    func configuration() throws(CommandError) -> Configuration? {
        try ConfigurationFile.load(named: options.config, in: environment.workingDirectory)
    }

    /// The database of this run, announced in the first line of the output.
    ///
    /// - Parameters:
    ///   - effect: What the command does to it.
    ///   - localServer: The settings of the local server, when one runs.
    /// - Returns: The database.
    /// - Throws: ``CommandError`` when no database can be decided on.
    func target(
        for effect: DatabaseEffect,
        localServer: ConnectionSettings? = nil
    ) throws(CommandError) -> DatabaseTarget {
        let resolution = TargetResolution(
            databaseURL: options.databaseURL,
            environmentName: options.env,
            configuration: try configuration(),
            variables: environment.variables,
            isInteractive: environment.isInteractive,
            localServer: localServer
        )
        let target = try resolution.resolve(for: effect)
        report.note(target.banner)
        report.detail("The database comes from \(target.origin.rawValue).")
        return target
    }

    /// The settings to connect with; never plain text to another machine unless allowed.
    func settings(of target: DatabaseTarget) -> ConnectionSettings {
        let decision = TransportGuard.apply(to: target, allowsPlaintext: options.allowPlaintext)
        if let note = decision.note { report.note(note) }
        return decision.settings
    }

    /// How long connecting is tried: a person wants to know at once, an unattended run waits for the database.
    var retry: RetryPolicy {
        if let limit = options.waitTimeout { return RetryPolicy(limit: limit) }
        return environment.isInteractive ? .none : .unattended
    }

    /// Passes the guard before a change, asking the person where the guard wants it.
    ///
    /// - Parameters:
    ///   - target: The database to be changed.
    ///   - isDestructive: Whether what is there is replaced or removed.
    /// - Throws: ``CommandError`` when the guard or the person refuses; nothing was changed then.
    func permitChange(of target: DatabaseTarget, isDestructive: Bool) throws(CommandError) {
        let changeGuard = ChangeGuard(
            saysYes: options.yes,
            confirmation: options.confirm,
            isInteractive: environment.isInteractive,
            isDestructive: isDestructive
        )
        switch changeGuard.verdict(on: target) {
        case .allowed:
            return
        case .mustAgree:
            let answer = report.ask("Replace what is in \(target.environmentName ?? target.confirmationWord)? [y/N]")
            guard let answer, ["y", "yes"].contains(answer.lowercased()) else { throw declined }
        case .mustType(let word, let reason):
            guard report.ask("\(reason) Type \(word) to go on:") == word else { throw declined }
        case .refused(let code, let summary, let remedy, let failureClass):
            throw CommandError(code, summary, remedy: Remedy(remedy), failureClass: failureClass)
        }
    }

    private var declined: CommandError {
        CommandError("guard.declined", "Not confirmed; nothing was changed.", failureClass: .refused)
    }
}
