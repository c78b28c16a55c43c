import Glibc

/// The system user the server's programs run as.
///
/// PostgreSQL refuses to run as root. Root therefore hands the server to `postgres`, or to `nobody` where that user does
/// not exist; everybody else runs it as themselves.
struct ServerAccount: Sendable, Hashable {
    let name: String
    let user: uid_t
    let group: gid_t
    /// Whether programs have to change to this user first.
    let isOther: Bool

    /// The account for the calling process.
    static func forThisProcess() throws(LocalServerError) -> ServerAccount {
        let own = geteuid()
        guard own == 0 else { return ServerAccount(name: "uid \(own)", user: own, group: getegid(), isOther: false) }
        guard let found = named("postgres") ?? named("nobody") else { throw .noUnprivilegedUser() }
        return found
    }

    private static func named(_ name: String) -> ServerAccount? {
        var entry = unsafe passwd()
        var result: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        guard unsafe getpwnam_r(name, &entry, &buffer, buffer.count, &result) == 0, unsafe result != nil else {
            return nil
        }
        return unsafe ServerAccount(name: name, user: entry.pw_uid, group: entry.pw_gid, isOther: true)
    }

    /// A command line that runs as this account.
    ///
    /// `setpriv` replaces itself by the program, so that the process id stays the program's own.
    func command(_ program: String, _ arguments: [String]) -> [String] {
        guard isOther else { return [program] + arguments }
        return ["/usr/bin/setpriv", "--reuid=\(user)", "--regid=\(group)", "--clear-groups", "--", program] + arguments
    }

    /// Whether this account can enter a directory; asks the kernel by trying.
    func canEnter(_ directory: String) -> Bool {
        let script = #"cd "$1""#
        guard let child = try? ChildProcess.run(command("/bin/sh", ["-c", script, "sh", directory])) else {
            return false
        }
        return child.status == 0
    }
}
