/// A role of the server with its attributes; never its password.
public struct RoleInfo: Sendable, Hashable, Codable {
    /// The role's name.
    public let name: String
    /// It may do everything.
    public let isSuperuser: Bool
    /// It has the rights of the roles it is a member of without SET ROLE.
    public let inherits: Bool
    /// It may create roles.
    public let mayCreateRoles: Bool
    /// It may create databases.
    public let mayCreateDatabases: Bool
    /// It may log in.
    public let mayLogIn: Bool
    /// It may replicate.
    public let mayReplicate: Bool
    /// It sees every row.
    public let bypassesRowSecurity: Bool
    /// How many connections it may have at once; -1 for any number.
    public let connectionLimit: Int
    /// When its password ends to be valid.
    public let validUntil: String?
    /// The comment.
    public let comment: String?
}

/// A role that is a member of another.
public struct RoleMembership: Sendable, Hashable, Codable {
    /// The role that has members.
    public let role: String
    /// The member.
    public let member: String
    /// Who made it a member.
    public let grantor: String
    /// The member may make others members.
    public let mayGrant: Bool
    /// The member has the role's rights without SET ROLE; `nil` before PostgreSQL 16, where the member's own attribute
    /// decides.
    public let inherits: Bool?
    /// The member may take on the role by SET ROLE; `nil` before PostgreSQL 16, where it always may.
    public let maySet: Bool?
}

/// A setting that a role, a database, or a role in a database has been given (`pg_db_role_setting`).
public struct RoleSetting: Sendable, Hashable, Codable {
    /// Whether it is for this database alone; else for every one.
    public let isForThisDatabase: Bool
    /// The role; `nil` for all roles.
    public let role: String?
    /// The setting's name.
    public let name: String
    /// The value as the server stores it; `nil` where it was withheld.
    public let value: String?

    /// Whether the value may be a secret: projects keep keys in settings of their own, such as `app.jwt_secret`.
    public var mayBeSecret: Bool { name.contains(".") }

    /// The same setting without the value of one that may be a secret.
    public var withoutSecret: RoleSetting {
        guard mayBeSecret else { return self }
        return RoleSetting(isForThisDatabase: isForThisDatabase, role: role, name: name, value: nil)
    }
}
