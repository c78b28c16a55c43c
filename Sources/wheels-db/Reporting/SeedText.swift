import CatalogInspection
import Diagnostics
import Seeding

/// The plan of seeding as people and scripts read it.
struct SeedPlanText {
    let plan: SeedPlan
    let place: SeedOptions.Place

    struct Document: Encodable {
        let scale: Int
        let tables: [SeedPlan.Table]
        let rows: Int
        let databaseBytes: Int64
        let addedBytes: Int64
        let totalBytes: Int64
        let planBytes: Int64
        let fits: Bool
        let allowed: Bool
        let circles: [[String]]
        let findings: [Finding]
    }

    /// What speaks against the run, and tables that nothing seeds.
    var findings: [Finding] {
        var findings = plan.findings
        if !place.isEmbedded {
            let severity: Severity = plan.signs.looksLikeProduction ? .error : .note
            findings += plan.signs.signs.map { Finding(code: $0.code, severity: severity, message: $0.sentence) }
        }
        if !plan.fits {
            findings.append(
                Finding(
                    code: "seed.too-large", severity: .error,
                    message: "The database would take \(HumanUnits.bytes(plan.totalBytes)), and it may take "
                        + "\(HumanUnits.bytes(plan.limitBytes)).",
                    remedy: Remedy("Take a smaller --scale, or say what the plan allows with --plan-size.")))
        }
        return findings
    }

    var document: Document {
        Document(
            scale: plan.scale.factor, tables: plan.tables, rows: plan.rows, databaseBytes: plan.databaseBytes,
            addedBytes: plan.addedBytes, totalBytes: plan.totalBytes, planBytes: plan.limitBytes, fits: plan.fits,
            allowed: place.isEmbedded || !plan.signs.looksLikeProduction, circles: plan.circles, findings: findings)
    }

    var text: String {
        var table = TextTable(.number("order"), .text("table"), .number("rows"), .number("there"), .number("adds"))
        for (index, entry) in plan.tables.enumerated() {
            table.add(
                String(index + 1), entry.name, HumanUnits.count(Int64(entry.rows)),
                HumanUnits.count(Int64(entry.present)), HumanUnits.bytes(entry.bytes))
        }
        let circles = plan.circles.map { "Refer to one another: \($0.joined(separator: ", ")).\n" }.joined()
        return table.text + circles
            + "Scale \(plan.scale.factor): \(HumanUnits.count(Int64(plan.rows))) rows of \(plan.scale.users) users. "
            + "The database takes \(HumanUnits.bytes(plan.databaseBytes)) now and about "
            + "\(HumanUnits.bytes(plan.totalBytes)) afterwards, of \(HumanUnits.bytes(plan.limitBytes))."
    }
}

/// What seeding did, as people and scripts read it.
struct SeedReportText {
    let report: SeedReport
    let scale: SeedScale

    struct Account: Encodable {
        let part: String
        let email: String
    }

    struct Document: Encodable {
        let scale: Int
        let tables: [SeedReport.Table]
        let inserted: Int
        let updated: Int
        let unchanged: Int
        let removed: Int
        let changes: Int
        let provedForeignKeys: Int
        let seconds: Double
        let password: String
        let generatedPassword: String?
        let accounts: [Account]
    }

    private var accounts: [Account] {
        [
            (Cast.administrator, "administrator"), (Cast.firstOwner, "owner of the first private group"),
            (Cast.secondOwner, "owner of the second private group"), (Cast.inBoth, "member of both groups"),
            (Cast.withNothing, "nothing but an account"), (Cast.banned, "banned, cannot sign in"),
        ].map { Account(part: $1, email: AuthUsers.email(of: $0)) }
    }

    private var generated: String? {
        if case .generated(let password) = report.password { password } else { nil }
    }

    var document: Document {
        let origin =
            switch report.password {
            case .given: "given"
            case .generated: "generated"
            case .kept: "kept"
            }
        return Document(
            scale: scale.factor, tables: report.tables, inserted: report.inserted, updated: report.updated,
            unchanged: report.unchanged, removed: report.removed,
            changes: report.inserted + report.updated + report.removed, provedForeignKeys: report.provedKeys,
            seconds: report.duration / .seconds(1), password: origin, generatedPassword: generated, accounts: accounts)
    }

    var text: String {
        var table = TextTable(
            .text("table"), .number("inserted"), .number("updated"), .number("unchanged"), .number("removed"),
            .number("left out"))
        for entry in report.tables {
            let counts = [entry.inserted, entry.updated, entry.unchanged, entry.removed, entry.leftOut].map {
                HumanUnits.count(Int64($0))
            }
            table.add(entry.name, counts[0], counts[1], counts[2], counts[3], counts[4])
        }
        let changes = report.inserted + report.updated + report.removed
        var text = table.text
        text +=
            changes == 0
            ? "Nothing to change: all \(HumanUnits.count(Int64(report.unchanged))) rows are as they should be.\n"
            : "\(HumanUnits.count(Int64(report.inserted))) inserted, \(HumanUnits.count(Int64(report.updated))) updated, "
                + "\(HumanUnits.count(Int64(report.unchanged))) unchanged, "
                + "\(HumanUnits.count(Int64(report.removed))) removed in \(HumanUnits.duration(report.duration)); "
                + "\(report.provedKeys) foreign keys proved.\n"
        for account in accounts { text += "  \(account.email)  \(account.part)\n" }
        switch report.password {
        case .given: text += "Password: the one in WHEELS_SEED_PASSWORD.\n"
        case .generated(let password):
            text += "Password: \(password)  (shown this once; set WHEELS_SEED_PASSWORD to choose one)\n"
        case .kept: text += "Password: as before.\n"
        }
        return text
    }
}

/// What was removed, as people and scripts read it.
struct SeedRemovalText {
    let report: SeedRemovalReport

    struct Document: Encodable {
        let tables: [SeedRemovalReport.Table]
        let removed: Int
        let seconds: Double
        let findings: [Finding]
    }

    var document: Document {
        Document(
            tables: report.tables, removed: report.removed, seconds: report.duration / .seconds(1),
            findings: report.findings)
    }

    var text: String {
        guard report.removed > 0 else { return "There were no seeded rows." }
        var table = TextTable(.text("table"), .number("removed"))
        for entry in report.tables { table.add(entry.name, HumanUnits.count(Int64(entry.removed))) }
        return table.text
            + "\(HumanUnits.count(Int64(report.removed))) rows removed in \(HumanUnits.duration(report.duration))."
    }
}
