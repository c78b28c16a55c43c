extension SeedTable {
    /// Groups of users with their own feed.
    static let socialGroups = SeedTable(
        "social_groups", .uuid(), bytesPerRow: 480, counters: [Groups.counter], Population(Groups.count)
    ) { row in
        let group = Groups(row.key)
        let created = (Day.today - row.draw("created").within(60...500)).at(row.draw("at"))
        row.id()
        row.text("name", group.name)
        row.text("description", "For people around ", Person(owning: row.key).town(0).name, null: 20)
        row.text("location", Person(owning: row.key).town(0).name, null: 20)
        row.text("cover", "https://images.seed.example/groups/", number: row.key.owner, null: 50)
        row.text("avatar_url", "https://images.seed.example/groups/avatar/", number: row.key.owner, null: 50)
        row.owner("owner_id", null: .bare)
        row.owner("admin_id", null: 40)
        row.text("privacy", group.isPrivate ? "private" : "public", null: .bare)
        row.pick("activity_level", ["quiet", "active", "very active"], null: 20)
        row.int("member_count", group.activeMembers, null: .bare)
        row.bool("is_active", group.isActive, null: .bare)
        row.moment("created_at", created, null: .bare)
        row.moment("updated_at", created, null: .bare)
    }

    /// Who belongs to which group, and as what.
    static let socialGroupMembers = SeedTable(
        "social_group_members", .pair("group_id", .socialGroups, account: "user_id"), bytesPerRow: 190,
        Population(Groups.count, Groups.members)
    ) { row in
        let place = row.key.second
        row.reference("group_id", .socialGroups, row.key.upTo(1))
        row.reference("user_id", .users, RowKey(Groups.member(row.key)))
        row.text("role", place == 0 ? "admin" : place == 1 ? "moderator" : "member", null: place > 1 ? 6 : .never)
        row.moment("joined_at", (Day.today - row.draw("joined").within(1...59)).at(row.draw("at")), null: 5)
        row.bool("is_active", Groups.isActive(row.key), null: Groups.isActive(row.key) ? 6 : .never)
    }
}

/// A group, as its members and posts see it.
struct Groups: Sendable {
    let key: RowKey

    init(_ key: RowKey) { self.key = key.upTo(1) }

    static let counter = SeedTable.Counter(
        column: "member_count",
        expression: """
            (select pg_catalog.count(*) from public.social_group_members m
              where m.group_id = t.id and m.is_active is not false)
            """)

    private static let people = Stream("social_group_members user_id")
    private static let active = Stream("social_group_members is_active")

    static let count: Population.Count = { key in
        switch key.owner {
        case Cast.firstOwner, Cast.secondOwner, Cast.bare: 1
        default: Person.level(key.owner) / 11
        }
    }

    static let members: Population.Count = { key in
        switch key.owner {
        case Cast.bare: 0
        case Cast.firstOwner: Cast.firstCircle.count
        case Cast.secondOwner: Cast.secondCircle.count
        default: min(4 + people(key.upTo(1)).below(24), Person.choice(with: key.owner))
        }
    }

    /// Who the member of a key is.
    ///
    /// The first of the two circles' groups is the owner; elsewhere anybody.
    static func member(_ key: RowKey) -> Int {
        switch key.owner {
        case Cast.firstOwner: Cast.firstCircle[key.second]
        case Cast.secondOwner: Cast.secondCircle[key.second]
        default: Person.distinct(key.second, people(key.upTo(1)).again, with: key.owner)
        }
    }

    /// Whether a membership counts.
    ///
    /// One that does may be written as NULL, which is not `false`.
    static func isActive(_ key: RowKey) -> Bool { key.second == 0 || !active(key).chance(12) }

    var activeMembers: Int { (0..<Groups.members(key)).count { Groups.isActive(key.below($0, step: 2)) } }
    var isPrivate: Bool { key.owner == Cast.firstOwner || key.owner == Cast.secondOwner }
    var isActive: Bool { isPrivate || !Groups.active(key).again.chance(15) }

    var name: String {
        switch key.owner {
        case Cast.firstOwner: "Southern Convoy"
        case Cast.secondOwner: "Top End Crew"
        default: Groups.names[Groups.active(key).below(Groups.names.count)]
        }
    }

    private static let names = [
        "Grey Nomads", "Solo Vanners", "Families on the Road", "Free Camp Finders", "Solar and Batteries",
        "Dogs on Board", "Anglers of the Coast", "Vintage Vans",
    ]
}
