import PoolChecks

/// A budget as people read it.
struct BudgetText: Sendable {
    let report: BudgetReport
    let limits: ConnectionLimits?

    /// A table for each resource, the verdict, the plan, and the statements.
    var text: String {
        var text = report.resources.map(part).joined(separator: "\n")
        guard let limits, !limits.script.isEmpty else { return text }
        text += "\nEnforce it once every service has a role of its own (wheels-db pool budget --sql):\n"
        return text + limits.script.split(separator: "\n").map { "  \($0)\n" }.joined()
    }

    private func part(_ resource: ResourceReport) -> String {
        var table = TextTable(
            .text(resource.name), .text("how many"), .number("steady"), .number("at a deploy"), .number("share"))
        for consumer in resource.consumers {
            table.add(
                consumer.name, consumer.formula, String(consumer.steady), String(consumer.peak),
                share(consumer.peak, resource))
        }
        table.add("sum", "", String(resource.steady), String(resource.peak), share(resource.peak, resource))
        return table.text + room(resource) + verdict(resource) + plan(resource) + ways(resource)
    }

    private func share(_ peak: Int, _ resource: ResourceReport) -> String {
        resource.capacity > 0 ? "\((peak * 100 + resource.capacity / 2) / resource.capacity) %" : "-"
    }

    private func room(_ resource: ResourceReport) -> String {
        guard resource.reserved > 0 || resource.margin > 0 else { return "There are \(resource.limit).\n" }
        return
            "Of \(resource.limit), \(resource.reserved) are kept for superusers and \(resource.margin) are left free:"
            + " \(resource.capacity) can be planned with.\n"
    }

    private func verdict(_ resource: ResourceReport) -> String {
        if resource.fits { return "It fits: \(resource.capacity - resource.peak) are to spare at a deploy.\n" }
        let steady =
            resource.steady > resource.capacity
            ? "\(resource.steady - resource.capacity) too many steadily, " : "it fits until a deploy: "
        return "Too many: \(steady)\(resource.peak - resource.capacity) too many while a deploy runs.\n"
    }

    private func plan(_ resource: ResourceReport) -> String {
        guard !resource.fits else { return "" }
        guard let plan = resource.plan else {
            return "No pool sizes fit: with every pool at its minimum it is still \(resource.floor)"
                + " of \(resource.capacity).\n"
        }
        guard !plan.changes.isEmpty else {
            return "It fits once the pooler has the fewer clients that are named below.\n"
        }
        var table = TextTable(.text("change"), .text("from"), .text("to"), .number("frees"))
        for change in plan.changes {
            table.add(
                "\(change.service) \(change.before.name)", size(change.before),
                change.after.most == 0 ? "off" : size(change.after), String(change.freed))
        }
        let least =
            plan.isLeast ? "the fewest pools, and of them as little as possible" : "one that is close to the least"
        return "\nThe smallest change that fits (\(least)):\n" + table.text
    }

    private func size(_ pool: DeclaredPool) -> String {
        pool.overflow > 0 ? "\(pool.size) + \(pool.overflow)" : String(pool.size)
    }

    private func ways(_ resource: ResourceReport) -> String {
        guard !resource.otherWays.isEmpty else { return "" }
        let heading = resource.plan == nil ? "What helps:\n" : "Or:\n"
        return heading + resource.otherWays.map { "  - \($0)\n" }.joined()
    }
}

/// A budget as `--json` prints it.
struct BudgetDocument: Encodable {
    struct Consumer: Encodable {
        let kind: String
        let name: String
        let formula: String
        let steady: Int
        let peak: Int
        let source: String?
    }

    struct Change: Encodable {
        let service: String
        let pool: String
        let sizeBefore: Int
        let overflowBefore: Int
        let size: Int
        let overflow: Int
        let frees: Int
    }

    struct Resource: Encodable {
        let name: String
        let limit: Int
        let reserved: Int
        let margin: Int
        let capacity: Int
        let steady: Int
        let peak: Int
        let floor: Int
        let fits: Bool
        let consumers: [Consumer]
        let plan: [Change]?
        let otherWays: [String]
    }

    let fits: Bool
    let canFit: Bool
    let resources: [Resource]
    let statements: [String]?
    let unbounded: [String]?

    init(_ report: BudgetReport, limits: ConnectionLimits?) {
        fits = report.fits
        canFit = report.canFit
        statements = limits?.limits.map(\.sql)
        unbounded = limits?.unbounded.map { "\($0.service): \($0.reason)" }
        resources = report.resources.map { resource in
            Resource(
                name: resource.name, limit: resource.limit, reserved: resource.reserved, margin: resource.margin,
                capacity: resource.capacity, steady: resource.steady, peak: resource.peak, floor: resource.floor,
                fits: resource.fits,
                consumers: resource.consumers.map {
                    Consumer(
                        kind: $0.kind.rawValue, name: $0.name, formula: $0.formula, steady: $0.steady, peak: $0.peak,
                        source: $0.source)
                },
                plan: resource.plan?.changes.map { change in
                    Change(
                        service: change.service, pool: change.before.name, sizeBefore: change.before.size,
                        overflowBefore: change.before.overflow, size: change.after.size,
                        overflow: change.after.overflow, frees: change.freed)
                },
                otherWays: resource.otherWays
            )
        }
    }
}
