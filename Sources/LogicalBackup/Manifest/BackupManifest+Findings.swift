import CatalogInspection
public import Diagnostics

extension BackupManifest {
    /// What a person should know of this backup: what is not in it, and what could not be read.
    public var findings: [Finding] {
        var findings: [Finding] = []
        if let finding = storageFinding { findings.append(finding) }
        findings += partialRootFindings
        findings += unreadableParts.map { part in
            Finding(
                code: "backup.part-not-readable",
                severity: .warning,
                subject: part.name,
                message:
                    "Not in this backup, because role \(source.role) could not read it: \(part.name) (\(part.reason)).",
                remedy: Remedy("Rows and schema are complete. Back up as a role that may read it to have this as well.")
            )
        }
        let jobs = surroundings.cronJobs.items.filter(\.isActive).count
        if jobs > 0 {
            findings.append(
                Finding(
                    code: "backup.cron-jobs",
                    severity: .note,
                    subject: "cron.job",
                    message: "\(jobs) active cron jobs are in the backup: they run again where it is restored.",
                    remedy: Remedy("Before restoring into a copy, set cron.launch_active_jobs = off there.")
                )
            )
        }
        return findings
    }

    /// The parts that could not be read, with the server's reason.
    public var unreadableParts: [(name: String, reason: String)] {
        let parts: [(String, ReadingState, String?)] = [
            ("roles", surroundings.roles.state, surroundings.roles.reason),
            ("role memberships", surroundings.memberships.state, surroundings.memberships.reason),
            ("role and database settings", surroundings.roleSettings.state, surroundings.roleSettings.reason),
            ("default privileges", surroundings.defaultPrivileges.state, surroundings.defaultPrivileges.reason),
            ("publications", surroundings.publications.state, surroundings.publications.reason),
            ("cron jobs", surroundings.cronJobs.state, surroundings.cronJobs.reason),
            ("storage buckets", surroundings.storageBuckets.state, surroundings.storageBuckets.reason),
        ]
        return parts.filter { $0.1 == .notReadable }.map { ($0.0, $0.2 ?? "no reason given") }
            + surroundings.server.notReadable.sorted { $0.key < $1.key }.map { ("server's \($0.key)", $0.value) }
    }

    /// Trees whose rows may find no place in another database.
    private var partialRootFindings: [Finding] {
        let roots = tables.filter { $0.rootIsPartial == true && $0.rows > 0 }.compactMap(\.rootName)
        return Set(roots).sorted().map { root in
            Finding(
                code: "backup.partition-missing",
                severity: .warning,
                subject: root,
                message:
                    "\(root) is partitioned by a hash that differs between databases, as that of an enum does, and lacks a"
                    + " partition. Its rows are in this backup, but a restore ends with an error when one of them belongs"
                    + " to the missing partition there.",
                remedy: Remedy("Create or attach the missing partition, then back up again.")
            )
        }
    }

    /// The files of storage are what people expect in a backup of a Supabase project, and what is not in it.
    private var storageFinding: Finding? {
        let buckets = surroundings.storageBuckets.items
        let objects = buckets.reduce(0) { $0 + $1.objects }
        guard objects > 0 else { return nil }
        let bytes = buckets.reduce(0) { $0 + $1.bytes }
        let unknown = buckets.reduce(0) { $0 + $1.objectsOfUnknownSize }
        let more = unknown > 0 ? ", and \(unknown) of unknown size" : ""
        let named = buckets.filter { $0.objects > 0 }.map(\.id)
        let list = named.prefix(5).joined(separator: ", ") + (named.count > 5 ? " and \(named.count - 5) more" : "")
        return Finding(
            code: "backup.storage-files",
            severity: .warning,
            subject: "storage.objects",
            message:
                "THE FILES OF SUPABASE STORAGE ARE NOT IN THIS BACKUP: \(objects) files in \(list), \(bytes) bytes\(more)."
                + " Only the rows about them are.",
            remedy: Remedy("Copy the buckets elsewhere, such as by rclone from the project's S3 endpoint.")
        )
    }
}
