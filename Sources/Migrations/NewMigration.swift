public import FoundationEssentials

/// Creates the file of a new migration.
public enum NewMigration: Sendable {
    /// Writes `<folder>/<UTC time>_<name>.sql` with a template; the version is later than every other in the folder.
    ///
    /// - Parameters:
    ///   - title: What the migration does; letters and digits become the name.
    ///   - folder: The folder; made when it is missing.
    ///   - now: The time.
    /// - Returns: The path of the new file.
    /// - Throws: ``MigrationError`` when the title has no letter or digit, or the file exists or cannot be written.
    public static func create(_ title: String, in folder: String, now: Date = Date()) throws(MigrationError) -> String {
        let name = slug(title)
        guard !name.isEmpty else { throw MigrationError.invalidName(title) }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw MigrationError.cannotWrite(folder, error)
        }
        let newest = try MigrationFolder.list(folder).names.filter(\.isTimestamp).map(\.version).max()
        let version = version(at: now, after: newest)
        guard version.utf8.count == 14 else { throw MigrationError.noLaterVersion(than: newest ?? version, folder) }
        let fileName = MigrationFileName(version: version, name: name)
        let path = folder.hasSuffix("/") ? "\(folder)\(fileName)" : "\(folder)/\(fileName)"
        guard !FileManager.default.fileExists(atPath: path) else { throw MigrationError.fileExists(path) }
        do {
            try Data(template(title).utf8).write(to: URL(filePath: path), options: .withoutOverwriting)
        } catch {
            throw MigrationError.cannotWrite(path, error)
        }
        return path
    }

    /// The time as 14 digits; one second after the newest version when the clock is not later than that.
    static func version(at now: Date, after newest: String?) -> String {
        let version = digits(now)
        guard let newest, version <= newest else { return version }
        guard let last = date(newest) else { return String((Int(newest) ?? 0) + 1) }
        return digits(last.addingTimeInterval(1))
    }

    /// Lower-case words of letters and digits, joined by underscores; at most about 80 characters, whole words.
    static func slug(_ title: String) -> String {
        var slug = ""
        for word in title.lowercased().split(whereSeparator: { !($0.isASCII && ($0.isLetter || $0.isNumber)) }) {
            if slug.isEmpty {
                slug = String(word.prefix(80))
            } else if slug.count + word.count < 80 {
                slug += "_\(word)"
            } else {
                break
            }
        }
        return slug
    }

    private static func digits(_ date: Date) -> String {
        date.formatted(.iso8601).filter { $0.isASCII && $0.isNumber }
    }

    private static func date(_ version: String) -> Date? {
        let parts = Array(version)
        guard parts.count == 14 else { return nil }
        let text =
            "\(String(parts[0..<4]))-\(String(parts[4..<6]))-\(String(parts[6..<8]))T"
            + "\(String(parts[8..<10])):\(String(parts[10..<12])):\(String(parts[12..<14]))Z"
        guard let date = try? Date(text, strategy: .iso8601), digits(date) == version else { return nil }
        return date
    }

    private static func template(_ title: String) -> String {
        """
        -- \(title.split(whereSeparator: \.isNewline).joined(separator: " "))
        --
        -- The file is one transaction: no BEGIN or COMMIT, no COPY … FROM stdin. CREATE INDEX CONCURRENTLY and its kin
        -- need a file of their own. A table in an exposed schema gets its row level security where it is made:
        --   alter table public.… enable row level security;


        """
    }
}
