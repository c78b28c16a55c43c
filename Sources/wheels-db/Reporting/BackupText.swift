import ArchiveRepository
import CatalogInspection
import Foundation
import LogicalBackup

/// What a backup holds, for people.
struct BackupText {
    let manifest: BackupManifest

    private var around: BackupSurroundings { manifest.surroundings }

    /// Where it is from, and its tables.
    var summary: String {
        let counts = """
            \(manifest.sequences.count) sequences, \(manifest.foreignKeys.count) foreign keys, \
            \(manifest.largeObjects?.objects.count ?? 0) large objects, \(around.roles.items.count) roles, \
            \(manifest.extensions.count) extensions\(sealedValues); --verbose shows all of it
            The files of storage buckets are not in the backup, only their rows.

            """
        return [head, counts, tables].joined(separator: "\n")
    }

    /// Everything, the tables last.
    var text: String {
        [
            head, server, contents, section("ROLES", roleLines), section("ROLE AND DATABASE SETTINGS", settingLines),
            section("DEFAULT PRIVILEGES", defaultLines), section("EXTENSIONS", extensionLines),
            section("PUBLICATIONS", publicationLines), section("CRON JOBS", cronLines),
            section("LARGE OBJECTS", largeObjectLines),
            section(
                "YOURS ON SUPABASE'S TABLES", manifest.userObjectsOnManagedTables.map(\.description)),
            section("STORAGE BUCKETS (their files are not in the backup, only their rows)", bucketLines),
            section("REQUIRED VARIABLES (names only)", variableLines), tables,
        ]
        .filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var head: String {
        """
        Backup \(manifest.backup) of database \(manifest.source.name), PostgreSQL \(manifest.source.serverVersion)
        snapshot \(manifest.snapshotAt.formatted(.iso8601)), made by wheels-db \(manifest.toolVersion) and \
        \(manifest.schemaProgram)
        archive format \(around.software.format), libpq \(around.software.libpq), zstd \(around.software.zstd), \
        OpenSSL \(around.software.openSSL)
        \(HumanUnits.bytes(Int64(around.bytesReceived))) received in \(HumanUnits.fixed(manifest.seconds, digits: 1)) s\(notCounted)\(size)
        """ + "\n"
    }

    private var notCounted: String {
        guard !around.bytesNotCounted.isEmpty else { return "" }
        return "; the bytes of \(around.bytesNotCounted.joined(separator: " and ")) are not counted"
    }

    private var size: String {
        around.databaseBytes.map { "; the database had \(HumanUnits.bytes(Int64($0)))" } ?? ""
    }

    private var sealedValues: String {
        manifest.environment.map { ", the sealed values of \(HumanUnits.counted($0.names.count, "variable"))" } ?? ""
    }

    private var server: String {
        let server = around.server
        func fact(_ name: String, _ key: String, _ value: String?) -> String {
            let why = server.notReadable[key].map { "not readable: \($0)" }
            return "  \(name) \(value ?? why ?? "unknown")"
        }
        var lines = [
            fact("system identifier", "systemIdentifier", server.systemIdentifier),
            fact("timeline", "timeline", server.timeline.map(String.init)) + (server.isInRecovery ? ", a replica" : ""),
            fact("WAL at the snapshot", "lsn", server.lsn),
            fact("its clock then", "clock", server.clock),
            fact("started", "startedAt", server.startedAt),
        ]
        lines += server.settings.filter { $0.state != .absent }.map { setting in
            "  \(setting.name) = \(setting.value ?? setting.state.rawValue)"
        }
        return "SERVER\n" + lines.joined(separator: "\n") + "\n"
    }

    private var contents: String {
        """
        CONTENTS
          \(HumanUnits.count(Int64(manifest.rows))) rows of \(manifest.tables.count) tables, \
        \(manifest.sequences.count) sequences, \(manifest.foreignKeys.count) foreign keys, \
        \(manifest.materializedViews.count) materialized views, \(manifest.largeObjects?.objects.count ?? 0) large objects, \
        \(manifest.accessLists.count) access lists
        """ + "\n"
    }

    private var tables: String {
        var table = TextTable(.text("table"), .number("rows"), .number("stored"), .text("format"))
        for record in manifest.tables where record.rows > 0 {
            let stored = record.chunks.flatMap(\.pieces).reduce(0) { $0 + $1.length }
            table.add(
                record.table.displayName, HumanUnits.count(Int64(record.rows)), HumanUnits.bytes(Int64(stored)),
                record.format.rawValue)
        }
        return table.text
    }

    private func section(_ title: String, _ lines: [String]) -> String {
        lines.isEmpty ? "" : "\(title)\n" + lines.map { "  \($0)\n" }.joined()
    }

    /// The lines of a part, or why there are none; nothing for one that the database does not have.
    private func lines<Item>(_ reading: CatalogReading<Item>, _ line: (Item) -> String) -> [String] {
        switch reading.state {
        case .read: reading.items.map(line)
        case .notReadable: ["not readable: \(reading.reason ?? "no reason given")"]
        case .absent: []
        }
    }
}

extension BackupText {
    private var roleLines: [String] {
        let members = Dictionary(grouping: around.memberships.items, by: \.member)
        let roles = lines(around.roles) { role in
            let attributes = [
                (role.isSuperuser, "superuser"), (role.mayLogIn, "login"), (role.bypassesRowSecurity, "bypassrls"),
                (role.mayCreateRoles, "createrole"), (role.mayCreateDatabases, "createdb"),
                (role.mayReplicate, "replication"), (!role.inherits, "noinherit"),
                (role.connectionLimit >= 0, "connection limit \(role.connectionLimit)"),
            ]
            .filter(\.0).map(\.1)
            let of = (members[role.name] ?? []).map { $0.role + ($0.mayGrant ? " (admin)" : "") }
            let parts = [
                attributes.joined(separator: ", "), of.isEmpty ? "" : "member of \(of.joined(separator: ", "))",
            ]
            let rest = parts.filter { !$0.isEmpty }.joined(separator: "; ")
            return rest.isEmpty ? role.name : "\(role.name): \(rest)"
        }
        guard around.memberships.state == .notReadable else { return roles }
        return roles + lines(around.memberships) { $0.role }.map { "memberships \($0)" }
    }

    private var settingLines: [String] {
        lines(around.roleSettings) { setting in
            let subject = [setting.role, setting.isForThisDatabase ? "in this database" : nil].compactMap(\.self)
            let value = setting.value ?? "(set; the value may be a secret and is sealed with the schema)"
            return "\(subject.isEmpty ? "all roles" : subject.joined(separator: " ")): \(setting.name) = \(value)"
        }
    }

    private var defaultLines: [String] {
        lines(around.defaultPrivileges) { entry in
            let place = entry.schema.map { " in \($0)" } ?? ""
            let changes = entry.granted.map { "+\($0)" } + entry.revoked.map { "-\($0)" }
            return "\(entry.role)\(place), \(entry.objects): \(changes.joined(separator: " "))"
        }
    }

    private var extensionLines: [String] {
        let rows = Dictionary(manifest.tables.map { ($0.table.displayName, $0.rows) }) { first, _ in first }
        return manifest.extensions.map { item in
            let tables = item.configuration.map { configuration in
                rows[configuration.displayName].map {
                    "\(configuration.displayName) (\(HumanUnits.count(Int64($0))) rows)"
                }
                    ?? configuration.displayName
            }
            let list = tables.isEmpty ? "" : "; its configuration: \(tables.joined(separator: ", "))"
            return "\(item.name) \(item.version) in \(item.schema)\(list)"
        }
    }

    private var publicationLines: [String] {
        lines(around.publications) { publication in
            let tables = publication.tables.map { table in
                table.displayName + (table.columns.map { " (\($0.joined(separator: ", ")))" } ?? "")
                    + (table.rowFilter.map { " where \($0)" } ?? "")
            }
            let all = publication.isForAllTables ? ["all tables"] : []
            let what = all + publication.schemas.map { "all tables of \($0)" } + tables
            return "\(publication.name) (\(publication.operations.joined(separator: ", "))): "
                + (what.isEmpty ? "nothing" : what.joined(separator: "; "))
        }
    }

    private var cronLines: [String] {
        lines(around.cronJobs) { job in
            "\(job.name ?? "job \(job.id)"): \(job.schedule), in \(job.database) as \(job.user)"
                + (job.isActive ? "" : ", turned off")
        }
    }

    private var largeObjectLines: [String] {
        let shown = 20
        let objects = manifest.largeObjects?.objects ?? []
        let lines = objects.prefix(shown).map { object in
            "\(object.oid): owner \(object.owner), \(object.entries.joined(separator: " "))"
                + (object.comment.map { ", \"\($0)\"" } ?? "")
        }
        return objects.count > shown ? lines + ["and \(objects.count - shown) more"] : lines
    }

    private var bucketLines: [String] {
        lines(around.storageBuckets) { bucket in
            let unknown = bucket.objectsOfUnknownSize > 0 ? ", \(bucket.objectsOfUnknownSize) of unknown size" : ""
            return
                "\(bucket.id)\(bucket.isPublic ? " (public)" : ""): \(HumanUnits.count(Int64(bucket.objects))) files, "
                + "\(HumanUnits.bytes(Int64(bucket.bytes)))\(unknown)"
        }
    }

    private var variableLines: [String] {
        let sealed = Set(manifest.environment?.names ?? [])
        guard let required = around.requiredVariables ?? (sealed.isEmpty ? nil : []) else { return [] }
        let names = Set(required).union(sealed).sorted()
        return names.isEmpty ? ["none"] : names.map { sealed.contains($0) ? "\($0) (its value is sealed in it)" : $0 }
    }
}
