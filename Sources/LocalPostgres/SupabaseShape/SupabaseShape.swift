/// The SQL that makes a plain PostgreSQL database look like a Supabase project, by subject.
///
/// It reproduces what a project's own roles can see and do: roles, schemas, managed tables with their owners and grants,
/// the `auth` functions, default privileges. It runs no Supabase service. Everything runs as the bootstrap superuser
/// `supabase_admin`; `postgres` is an ordinary role, as on a hosted project.
///
/// What stock PostgreSQL cannot express without Supabase's `supautils` module, and what is done instead:
/// - `postgres` may create policies on `storage.objects`, `storage.buckets` and `realtime.messages` although it does not
///   own them. Here it is a member of their owners, which also lets it alter those tables: a hosted project refuses that.
/// - `postgres` may not grant itself the managed roles. Before version 16 any role with CREATEROLE can do so here.
/// - `postgres` may set `session_replication_role`: granted with `GRANT SET ON PARAMETER`, which is exact.
enum SupabaseShape: Sendable {
    /// What belongs to the whole cluster and runs once, before any database is shaped.
    static let clusterScripts = [roles, memberships, roleSettings]

    /// What each database needs, in order, before the default privileges of an era.
    ///
    /// `FOR ROLE postgres` needs no connection as that role: the superuser writes its default privileges.
    static let databaseScripts = [
        schemas, authTables, authFunctions, authIndexes, storageTables, storageFunctions, storageTriggers, realtime,
        vault,
        managedDefaultPrivileges, DefaultPrivilegesEra.apiRolesGetAll.script, publication,
    ]
}
