/// A page of the manual, in the macros of man(7).
struct ManualPage {
    /// The file, such as `wheels-db-backup-create.1`.
    let file: String
    let text: String

    /// All pages: the program's, one for each group of commands, and one for each command.
    static func all(of help: CommandHelp) -> [ManualPage] {
        let leaves = help.leaves
        let lists = leaves.map { $0.command.visibleArguments }
        let shared = (lists.first ?? []).filter { argument in lists.allSatisfy { $0.contains(argument) } }
        return [overview(help, leaves, shared)] + help.groups.map(group) + leaves.map { page($0, shared) }
    }

    private static func overview(
        _ help: CommandHelp,
        _ leaves: [CommandHelp.Named],
        _ shared: [CommandHelp.Argument]
    ) -> ManualPage {
        var roff = Roff(title: "wheels-db")
        roff.section("NAME")
        roff.paragraph("wheels-db - \(help.command.abstract ?? "")")
        roff.section("SYNOPSIS")
        roff.bold("wheels-db COMMAND [OPTIONS]")
        roff.section("DESCRIPTION")
        roff.paragraph(
            "Each command has a page of its own: wheels-db-backup-create(1) for wheels-db backup create. "
                + "wheels-db COMMAND --help says the same in short. Longer texts stand in share/doc/wheels-db/docs beside "
                + "this manual: RUNBOOK.md for emergencies, CONFIG.md for wheels-db.yml, INSTALL.md for what is installed "
                + "and what stays when it is removed."
        )
        roff.section("COMMANDS")
        for (words, command) in leaves { roff.item(words, command.abstract ?? "") }
        roff.section("OPTIONS OF EVERY COMMAND")
        for argument in shared { roff.item(argument.usage, argument.abstract ?? "") }
        roff.section("ENVIRONMENT")
        for (name, meaning) in variables { roff.item(name, meaning) }
        roff.section("FILES")
        for (name, meaning) in files { roff.item(name, meaning) }
        roff.section("EXAMPLES")
        roff.paragraph("A backup of a database on this machine, and the proof that it can be restored:")
        roff.verbatim([
            "wheels-db local start",
            "export DATABASE_URL=$(wheels-db local url)",
            "wheels-db repository init --repository backups --new-identity app.identity",
            "wheels-db backup create --repository backups",
            "wheels-db backup verify latest --repository backups --identity app.identity",
            "wheels-db drill --repository backups --identity app.identity",
        ])
        exitStatus(&roff)
        roff.section("SEE ALSO")
        let names = help.groups.map(\.words) + leaves.map(\.words).filter { !$0.contains(" ") }
        let pages = names.map { "\(title(of: $0))(1)" } + ["pg_dump(1)", "psql(1)", "age(1)"]
        roff.paragraph(pages.joined(separator: ", "))
        return ManualPage(file: "wheels-db.1", text: roff.text)
    }

    private static func group(_ words: String, _ command: CommandHelp.Command) -> ManualPage {
        let name = title(of: words)
        var roff = Roff(title: name)
        roff.section("NAME")
        roff.paragraph("\(name) - \(command.abstract ?? "")")
        roff.section("SYNOPSIS")
        roff.bold("wheels-db \(words) COMMAND [OPTIONS]")
        roff.section("COMMANDS")
        for child in command.children { roff.item("\(words) \(child.commandName)", child.abstract ?? "") }
        exitStatus(&roff)
        roff.section("SEE ALSO")
        let pages = command.children.map { "\(title(of: "\(words) \($0.commandName)"))(1)" }
        roff.paragraph((["wheels-db(1)"] + pages).joined(separator: ", "))
        return ManualPage(file: "\(name).1", text: roff.text)
    }

    /// The name of the page of a command, such as `wheels-db-backup-create`.
    private static func title(of words: String) -> String { "wheels-db-\(words.replacing(" ", with: "-"))" }

    private static func page(_ named: CommandHelp.Named, _ shared: [CommandHelp.Argument]) -> ManualPage {
        let (words, command) = named
        let name = title(of: words)
        let prose = HelpProse(command.discussion ?? "")
        let own = command.visibleArguments.filter { !shared.contains($0) }
        var roff = Roff(title: name)
        roff.section("NAME")
        roff.paragraph("\(name) - \(command.abstract ?? "")")
        roff.section("SYNOPSIS")
        let positional = own.filter { $0.kind == "positional" }.map(\.usage).joined(separator: " ")
        roff.bold("wheels-db \(words) [OPTIONS]\(positional.isEmpty ? "" : " \(positional)")")
        if !prose.paragraphs.isEmpty {
            roff.section("DESCRIPTION")
            for paragraph in prose.paragraphs { roff.paragraph(paragraph) }
        }
        roff.section("OPTIONS")
        for argument in own {
            let preset = argument.defaultValue.map { " Default: \($0)." } ?? ""
            roff.item(argument.usage, (argument.abstract ?? "") + preset)
        }
        roff.paragraph("Options of every command stand in wheels-db(1).")
        if !prose.examples.isEmpty {
            roff.section("EXAMPLES")
            roff.verbatim(prose.examples)
        }
        exitStatus(&roff)
        roff.section("SEE ALSO")
        roff.paragraph("wheels-db(1)")
        return ManualPage(file: "\(name).1", text: roff.text)
    }

    private static func exitStatus(_ roff: inout Roff) {
        roff.section("EXIT STATUS")
        for status in ExitStatus.allCases { roff.item(String(status.rawValue), status.meaning) }
    }

    private static let variables = [
        ("DATABASE_URL, WHEELS_ENV", "The database, by its connection string or by the name of an environment."),
        ("WHEELS_REPOSITORY", "The backup repository."),
        ("WHEELS_WRITER_KEY, WHEELS_WRITER_KEY_FILE", "The writer key, as text or as a file."),
        ("WHEELS_IDENTITY, WHEELS_IDENTITY_FILE", "The age identity that opens rows."),
        ("WHEELS_PASSPHRASE, WHEELS_PASSPHRASE_FILE", "The passphrase that opens rows."),
        ("WHEELS_ADMIN_DATABASE_URL, WHEELS_PGBOUNCER_URL", "Further ways into a full server, for pool check."),
        ("WHEELS_SEED_PASSWORD", "The password of seeded accounts."),
        ("AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN", "The credentials of an S3 store."),
        ("PGPASSWORD, PGPASSFILE, PGSSLMODE, PGSSLROOTCERT", "As for psql, where the connection string does not say."),
        ("HTTPS_PROXY, ALL_PROXY, NO_PROXY", "The proxy to object stores and notifications."),
        ("TMPDIR", "The folder for temporary files, the server of drill and that of demo; by default /tmp."),
        ("NO_COLOR", "No colours."),
    ]

    private static let files = [
        ("wheels-db.yml", "The configuration of the working directory, or the nearest above it."),
        (".wheels/local", "The embedded server of the folder it was started in."),
        ("/var/lib/wheels-db", "Such servers of root, in a folder that the server's account cannot enter."),
        ("~/.config/wheels-db", "Where the writer keys of repositories are, and those that backups made anew."),
        ("~/.local/state/wheels-db", "What pool check saw last."),
    ]
}

/// Text in the macros of man(7), escaped.
private struct Roff {
    private(set) var text: String

    init(title: String) {
        text = ".TH \"\(title.uppercased())\" 1 \"\" \"wheels-db \(WheelsDB.version)\" \"wheels-db\"\n"
    }

    mutating func section(_ name: String) { text += ".SH \(name)\n" }

    mutating func paragraph(_ words: String) { text += ".PP\n\(Self.escaped(words))\n" }

    mutating func bold(_ words: String) { text += ".B \(Self.escaped(words))\n" }

    mutating func item(_ name: String, _ meaning: String) {
        text += ".TP\n.B \(Self.escaped(name))\n\(Self.escaped(meaning))\n"
    }

    mutating func verbatim(_ lines: [String]) {
        text += ".nf\n" + lines.map { "\(Self.escaped($0))\n" }.joined() + ".fi\n"
    }

    /// A line that begins with a dot or a quote would be a macro; a bare hyphen becomes a dash in print.
    private static func escaped(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let plain = line.replacing("\\", with: "\\e").replacing("-", with: "\\-")
            return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&\(plain)" : plain
        }
        .joined(separator: "\n")
    }
}
