import ArgumentParser
import CatalogInspection
import Diagnostics
import Seeding

/// The command `wheels-db env mark`.
struct EnvMark: WheelsCommand {
    static let configuration = CommandConfiguration(
        commandName: "mark",
        abstract: "Mark a database as staging, so that it may be seeded.",
        discussion: HelpText.discussion(
            "The mark counts in this database alone: a copy of it in another project is no mark. A protected environment "
                + "cannot be marked.",
            examples: "wheels-db env mark staging --env staging", "wheels-db env mark staging --env staging --remove"
        )
    )
    static let words = "env mark"

    /// What a database can be marked as.
    enum Name: String, ExpressibleByArgument, CaseIterable, Sendable {
        case staging
    }

    @Argument(help: "What the database is.") var name: Name
    @Flag(help: "Take the mark away.") var remove = false
    @OptionGroup var people: RealUsersOption
    @OptionGroup var global: GlobalOptions

    struct Document: Encodable {
        let mark: String?
        let ref: String?
        let markedAt: String?
        let markedBy: String?
        let signs: [Finding]
    }

    func run(in context: CommandContext) async throws {
        let target = try context.target(for: .writes, localServer: context.localSettings)
        let isProtected = target.isProtected && !remove
        guard !isProtected else {
            throw CommandError(
                "env.protected",
                "The environment \(target.environmentName ?? "?") is protected, so it is not staging.",
                remedy: Remedy("If it is, remove `protected: true` from the configuration first."),
                failureClass: .refused)
        }
        try context.permitChange(of: target, isDestructive: false)
        let allowsRealUsers = try people.isConfirmed(for: target, in: context)
        let marking = EnvironmentMarking(
            settings: context.settings(of: target), ref: target.ref, retry: context.retry)
        guard !remove else {
            let wasThere = try await marking.removeMark()
            let document = Document(mark: nil, ref: target.ref, markedAt: nil, markedBy: nil, signs: [])
            return try context.report.result(document, text: wasThere ? "The mark is removed." : "There was no mark.")
        }
        let (mark, signs) = try await marking.mark(seeded: SeedIdentity.accounts, allowsRealUsers: allowsRealUsers)
        let findings = signs.map { Finding(code: $0.code, severity: .warning, message: $0.sentence) }
        if !context.options.json { for finding in findings { context.report.finding(finding) } }
        let document = Document(
            mark: mark.name, ref: mark.identity.ref, markedAt: mark.markedAt, markedBy: mark.markedBy, signs: findings)
        try context.report.result(document, text: "Marked as \(mark.name) by \(mark.markedBy) at \(mark.markedAt).")
    }
}

/// Going on although people's rows are in the database, which takes the database's name.
struct RealUsersOption: ParsableArguments, Sendable {
    @Flag(help: "Go on although people's accounts are in the database; takes its name, typed or by --confirm.")
    var allowRealUsers = false

    /// Whether it was asked for and confirmed.
    ///
    /// - Throws: ``CommandError`` when it was asked for and not confirmed.
    func isConfirmed(for target: DatabaseTarget, in context: CommandContext) throws(CommandError) -> Bool {
        guard allowRealUsers else { return false }
        let word = target.confirmationWord
        if context.options.confirm == word { return true }
        if context.environment.isInteractive,
            context.report.ask("People's accounts may be in this database. Type \(word) to go on:") == word
        {
            return true
        }
        throw CommandError(
            "guard.real-users-unconfirmed",
            "--allow-real-users counts only with the database's name.",
            remedy: Remedy("If you mean it, repeat the command with --confirm \(word)"),
            failureClass: .refused)
    }
}
