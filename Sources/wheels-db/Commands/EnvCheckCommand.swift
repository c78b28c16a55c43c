import ArgumentParser
import Diagnostics
import FoundationEssentials
import ProjectHealth

/// Compares variables with the rules of the configuration.
struct EnvCheck: WheelsCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check that every required variable is set and right; no value is ever printed.",
        discussion: HelpText.discussion(
            """
            The rules stand under required_variables in wheels-db.yml. The environment is the one that --env, WHEELS_ENV
            or ENVIRONMENT names. Before a program's start command, after --, it starts the program when all is well, in
            its own place, and else ends with 2.
            """,
            examples: "wheels-db env check --env production",
            "wheels-db env check --env production --service backend -- python app.py",
            "wheels-db env check --env staging --dotenv .env.staging --json"
        )
    )
    static let words = "env check"
    @Option(help: ArgumentHelp("Only the variables that this service needs.", valueName: "name"))
    var service: String?
    @Option(help: ArgumentHelp("Check this file instead of the process's own variables.", valueName: "file"))
    var dotenv: String?
    @Argument(
        parsing: .postTerminator,
        help: ArgumentHelp("After --: the program to run when all is well.", valueName: "program"))
    var program: [String] = []
    @OptionGroup var global: GlobalOptions

    struct Document: Encodable {
        let environment: String
        let service: String?
        let variables: Int
        let rules: Int
        let findings: [Finding]
    }

    func validate() throws {
        if dotenv != nil, !program.isEmpty {
            throw ValidationError("--dotenv checks a file; the program after -- would not get its variables.")
        }
    }

    func run(in context: CommandContext) async throws {
        guard let configuration = try context.configuration() else {
            throw CommandError(
                "config.missing", "There is no wheels-db.yml that says which variables are required.",
                remedy: Remedy("Write one, or name it with --config."))
        }
        let (variables, fileFindings) = try checkedVariables(in: context)
        let environment = try EnvironmentChoice(
            option: global.env, variables: variables, outer: context.environment.variables
        ).resolve(in: configuration)
        let rules = try RequiredVariables(configuration).rules(for: environment.name, service: service)
        let check = EnvironmentCheck(environment: environment, now: .now)
        let findings = fileFindings + check.findings(for: rules, in: variables)
        try report(findings, rules: rules, environment: environment, in: context)
        if findings.contains(where: { $0.severity == .error }) { throw ExitCode(ExitStatus.findings.rawValue) }
        if !program.isEmpty { try ProcessReplacement.replace(with: program) }
    }

    private func report(
        _ findings: [Finding],
        rules: [RequiredVariable],
        environment: CheckedEnvironment,
        in context: CommandContext
    ) throws {
        for finding in findings { context.report.finding(finding) }
        let errors = findings.count { $0.severity == .error }
        let count = Set(rules.map(\.name)).count
        let place = service.map { "\(environment.name), service \($0)" } ?? environment.name
        let text = "\(count) variables checked for \(place): \(errors == 0 ? "all as required" : "\(errors) wrong")."
        // A program that is about to start has standard output to itself.
        if errors == 0, !program.isEmpty { return context.report.note(text) }
        let document = Document(
            environment: environment.name, service: service, variables: count, rules: rules.count, findings: findings)
        try context.report.result(document, text: text)
    }

    private func checkedVariables(in context: CommandContext) throws -> ([String: String], [Finding]) {
        guard let dotenv else { return (context.environment.variables, []) }
        let file = try DotenvFile.read(dotenv, in: context)
        return (file.variables, file.findings)
    }
}
