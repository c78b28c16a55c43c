extension SeedTable {
    /// Who may administer the app: one who may, and every way of not being able to.
    static let adminUsers = SeedTable(
        "admin_users", .uuid(), bytesPerRow: 330, Population { AdminUsers.posts[$0.owner] == nil ? 0 : 1 }
    ) { row in
        let number = row.key.owner
        let person = Person(number)
        let post = AdminUsers.posts[number] ?? ("user", "inactive")
        row.id()
        row.owner()
        row.email("email", of: number)
        row.text("role", post.role)
        row.text("status", post.status)
        row.object("permissions", null: .bare) { json, _ in
            json.bool("users", post.role == "admin")
            json.bool("content", post.role != "user")
        }
        row.text("region", person.region.name, null: .bare)
        row.moment("last_login", ifAny: AuthUsers.lastSignIn(number))
        row.moment("created_at", person.joinedAt, null: .bare)
        row.moment("updated_at", person.joinedAt, null: .bare)
    }
}

/// Roles and states of the administrators.
enum AdminUsers: Sendable {
    static let posts: [Int: (role: String, status: String)] = [
        Cast.administrator: ("admin", "active"), Cast.bare: ("user", "inactive"), Cast.banned: ("admin", "suspended"),
        10: ("moderator", "active"), 11: ("moderator", "inactive"), 15: ("user", "active"),
    ]
}
