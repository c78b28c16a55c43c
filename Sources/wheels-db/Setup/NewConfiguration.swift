/// The text of a first `wheels-db.yml`, from what is known of the project.
struct NewConfiguration: Sendable {
    /// One database.
    struct Environment: Sendable {
        let name: String
        var ref: String?
        var isProtected = false
        /// The variable that holds its URL.
        var variable: String { "\(name.uppercased().replacing("-", with: "_"))_DATABASE_URL" }
    }

    var environments: [Environment]
    var schemas: [String] = ["public"]
    var services: [RenderBlueprint.Service] = []
    var repository: String?
    var recipients: [String] = []
    /// Whom to tell, by the name of the variable that holds the address.
    var alertVariable = "ALERT_WEBHOOK_URL"

    /// The file.
    var text: String {
        [
            """
            # wheels-db.yml: everything about the project's data that is no secret. Commit it. docs/CONFIG.md has every key.

            """,
            environmentsText, schemasText, repositoryText, recoveryText, servicesText, variablesText,
        ].filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var environmentsText: String {
        let blocks = environments.map { environment in
            """
              \(environment.name):
                url_from: \(environment.variable)
            \(environment.ref.map { "    ref: \($0)" } ?? "    # ref: the twenty letters of the project, from its address in the dashboard")\(
                environment.isProtected ? "\n    protected: true" : "")
            """
        }
        return """
            # The databases. The URL never stands here: url_from names the variable that holds it.
            environments:
            \(blocks.joined(separator: "\n"))

            """
    }

    private var schemasText: String {
        """
        # The schemas that the data API exposes.
        api_schemas: [\(schemas.joined(separator: ", "))]

        """
    }

    private var repositoryText: String {
        let place = repository.map { "repository: \($0)" } ?? "# repository: s3://bucket/prefix"
        let holders =
            recipients.isEmpty
            ? "# recipients: the age1… keys that open backups, printed by repository init"
            : "recipients:\n" + recipients.map { "  - \($0)" }.joined(separator: "\n")
        return """
            # Where backups go, who opens them, how long they stay.
            \(place)
            \(holders)
            retention: { last: 3, daily: 14, weekly: 8, monthly: 12, within: 7d }
            full_every: 7d

            """
    }

    private var recoveryText: String {
        """
        # What backups and drills are measured against: how much may be lost, how long a recovery may take.
        recovery: { point: 26h, time: 1h }

        # Who is told when a run fails; the variable holds the address. Take the comment signs away when it is set.
        # notifications:
        #   - { url_from: \(alertVariable), on: [failure, findings] }

        """
    }

    private var servicesText: String {
        guard !services.isEmpty else { return "" }
        let blocks = services.map { service in
            let most = service.maxInstances.map { "\n    max_instances: \($0)" } ?? ""
            return """
                  \(service.name):
                    instances: \(service.instances)\(most)
                """
        }
        return """
            # The services of render.yaml. Add each one's pools, so that wheels-db pool budget can count:
            #   pools: [{ name: main, size: 10, overflow: 0 }]
            services:
            \(blocks.joined(separator: "\n"))

            """
    }

    private var variablesText: String {
        let names = Set(services.flatMap(\.variables)).sorted()
        guard !names.isEmpty else { return "" }
        let lines = names.map { name in
            let holders = services.filter { $0.variables.contains(name) }.map(\.name)
            let rule =
                holders.count == services.count ? "present" : "{ services: [\(holders.joined(separator: ", "))] }"
            return "  \(name): \(rule)"
        }
        return """
            # The variables of render.yaml, by name; docs/CONFIG.md has the rules that say more than present.
            required_variables:
            \(lines.joined(separator: "\n"))

            """
    }
}
