import ArchiveRepository
import Diagnostics
import Foundation
import LogicalBackup
import OffPool

/// Looks at the backup repository: whether it answers, opens and can be written to.
struct RepositoryExamination: Sendable {
    let options: RepositoryOptions
    let context: CommandContext

    func lines() async -> [DoctorLine] {
        guard (try? options.location(in: context)) != nil else {
            return [
                .warning(
                    "repository", "repository", "No backup repository is configured: there are no backups.",
                    "Name it by WHEELS_REPOSITORY, or by repository in wheels-db.yml. If there is none yet, make one:"
                        + " wheels-db repository init --repository PLACE --new-identity FILE")
            ]
        }
        do {
            let place = try await options.open(in: context)
            var lines = [DoctorLine.ok("repository", "repository", "\(place.location) answers.")]
            lines.append(try await clock(of: place))
            lines += await keys(of: place)
            return lines
        } catch { return [.problem("repository", "repository", error)] }
    }

    private func clock(of place: Repository) async throws -> DoctorLine {
        let offset = try await offPool { try place.store.now().timeIntervalSinceNow }
        let text = HumanUnits.duration(.seconds(abs(offset)))
        // The store's answer tells whole seconds.
        guard abs(offset) > DatabaseRules.clockTolerance else {
            return .ok("repository.clock", "repository", "Its clock and this machine's agree.")
        }
        // Requests to S3 that are signed with a clock of fifteen minutes off are refused.
        return .warning(
            "repository.clock", "repository",
            "This machine's clock is \(text) \(offset > 0 ? "behind" : "ahead of") the store's.",
            "Set this machine's clock: timedatectl set-ntp true")
    }

    private func keys(of place: Repository) async -> [DoctorLine] {
        var lines: [DoctorLine] = []
        var writer: WriterAccess?
        var documents: (any DocumentAccess)?
        do {
            if let known = try options.knownWriterKey(of: place, in: context) {
                let access = try await known.access(to: place)
                writer = access
                documents = access
                lines.append(.ok("repository.writer-key", "repository", "The writer key is in \(known.source)."))
            } else {
                lines.append(
                    .warning(
                        "repository.writer-key", "repository",
                        "There is no writer key here: a backup makes new keys, and reads and stores everything.",
                        "Give --writer-key FILE, or set WHEELS_WRITER_KEY_FILE to the key that was made with the repository."
                    ))
            }
        } catch { lines.append(.problem("repository.writer-key", "repository", error)) }
        do {
            if let opener = try options.opener(in: context) {
                let reader = try await offPool { try place.reader(opener) }
                documents = documents ?? reader
                if writer == nil { writer = try? await offPool { try reader.writer() } }
                lines.append(.ok("repository.identity", "repository", "The identity opens it: restores work here."))
            } else {
                lines.append(
                    .skipped(
                        "repository.identity", "repository",
                        "No identity was given, as it should be on a machine that only makes backups."))
            }
        } catch { lines.append(.problem("repository.identity", "repository", error)) }
        if let writer { lines.append(await writing(by: writer, reader: documents ?? writer)) }
        if let documents { lines.append(await newest(in: place, documents)) }
        return lines
    }

    /// Puts a claim and takes it back, as every run begins and ends: no other object is written.
    private func writing(by writer: WriterAccess, reader: any DocumentAccess) async -> DoctorLine {
        do {
            try await offPool {
                let records = SealedRecords(writer: writer, access: reader)
                try ClaimKeeper(records: records).take(.undelete, command: Doctor.words).release()
            }
            return .ok("repository.writable", "repository", "It can be written to.")
        } catch let error as any ExplainedError where error.code == "repository.locked" {
            return .ok("repository.writable", "repository", "Another run is at work: \(error.summary)")
        } catch { return .problem("repository.writable", "repository", error) }
    }

    /// The option that names the database, where it has to be named.
    private var environmentOption: String {
        if context.environment["WHEELS_ENV"] != nil { return "" }
        if let name = context.options.env { return " --env \(name)" }
        let known = (try? context.configuration())?.environments ?? [:]
        let name = known.count == 1 ? known.keys.first : known.filter(\.value.isProtected).keys.sorted().first
        return name.map { " --env \($0)" } ?? ""
    }

    private func newest(in place: Repository, _ access: any DocumentAccess) async -> DoctorLine {
        do {
            let newest = try await offPool {
                try BackupCatalog(repository: place, access: access).kept().manifests
                    .max { $0.snapshotAt < $1.snapshotAt }
            }
            guard let newest else {
                return .warning(
                    "repository.backups", "repository", "It holds no backup.",
                    "Make one: wheels-db backup create\(environmentOption)")
            }
            return .ok("repository.backups", "repository", "The newest backup is \(newest.backup).")
        } catch { return .problem("repository.backups", "repository", error) }
    }
}
