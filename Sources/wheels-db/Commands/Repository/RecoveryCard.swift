/// What a person needs on the worst day, on one page.
struct RecoveryCard {
    let repository: String
    let id: String
    let holders: [String]
    let identityFile: String?
    let writerKeyFile: String?

    private var hasPassphrase: Bool { holders.contains("passphrase") }
    private var recipients: [String] { holders.filter { $0 != "passphrase" } }

    /// What opens the repository, in words.
    private var key: String {
        var ways: [String] = []
        if let identityFile { ways.append("the identity in \(identityFile)") }
        if identityFile == nil, !recipients.isEmpty { ways.append("the identity of a recipient") }
        if hasPassphrase { ways.append("the passphrase") }
        return ways.joined(separator: " or ")
    }

    /// The place as a shell wants it.
    private var quoted: String {
        let plain = repository.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "_"), UInt8(ascii: ":"):
                true
            default: false
            }
        }
        return plain ? repository : "'" + repository.replacing("'", with: "'\\''") + "'"
    }

    var text: String {
        let flag =
            identityFile.map { "--identity \($0)" }
            ?? (recipients.isEmpty ? "--passphrase-file FILE" : "--identity FILE")
        let isS3 = repository.hasPrefix("s3://")
        let access = isS3 ? "\n  access      AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of the bucket" : ""
        return """
            RECOVERY CARD: print it, and keep it and the key away from this machine
              repository  \(repository)  (id \(id))\(access)
              opened by   \(key)
              recipients  \(recipients.isEmpty ? "none" : recipients.joined(separator: ", "))
              writer key  \(writerKeyFile ?? "not written to a file; the first backup makes one")

              back up     wheels-db backup create --repository \(quoted) --database-url URL
              restore     wheels-db restore run latest --repository \(quoted) \(flag) --database-url TARGET --yes

            Without \(key) nobody can open these backups, and nobody can help you.
            """
    }
}
