import LogicalBackup

/// The plan of a restore as people read it: counted by kind, or object by object.
struct RestorePlanText: Sendable {
    let plan: RestorePlan

    /// What is done to how many objects of each kind.
    var short: String {
        var table = TextTable(.text("action"), .text("kind"), .number("objects"), .number("rows"), .text("reason"))
        for group in groups {
            table.add(
                group.key.action.rawValue,
                group.key.kind,
                HumanUnits.count(Int64(group.count)),
                group.key.kind == "TABLE" && group.key.action != .keep ? HumanUnits.count(Int64(group.rows)) : "",
                group.key.reason
            )
        }
        return table.text + "\(summary) (--verbose names each)"
    }

    /// What is done to each object.
    var full: String {
        var table = TextTable(.text("action"), .text("kind"), .text("name"), .number("rows"), .text("reason"))
        for item in plan.items {
            table.add(
                item.action.rawValue,
                item.kind,
                item.name,
                item.rows.map { HumanUnits.count(Int64($0)) } ?? "",
                item.reason ?? ""
            )
        }
        return table.text + summary
    }

    private struct GroupKey: Hashable {
        let action: RestorePlan.Item.Action
        let kind: String
        let reason: String
    }

    private typealias Group = (key: GroupKey, count: Int, rows: Int)

    /// In the order in which each kind comes first.
    private var groups: [Group] {
        var groups: [Group] = []
        var places: [GroupKey: Int] = [:]
        for item in plan.items {
            let key = GroupKey(action: item.action, kind: item.kind, reason: item.reason ?? "")
            let place = places[key] ?? groups.count
            if place == groups.count { groups.append((key, 0, 0)) }
            places[key] = place
            groups[place].count += 1
            groups[place].rows += item.rows ?? 0
        }
        let order: [RestorePlan.Item.Action] = [.create, .load, .keep]
        return order.flatMap { action in groups.filter { $0.key.action == action } }
    }

    private var summary: String {
        let actions: [RestorePlan.Item.Action] = [.create, .load, .keep]
        let counts = actions.compactMap { action in
            let count = plan.items.count { $0.action == action }
            return count == 0 ? nil : "\(HumanUnits.count(Int64(count))) to \(action.rawValue)"
        }
        return "\(HumanUnits.count(Int64(plan.rows))) rows; objects: \(counts.joined(separator: ", "))"
    }
}
