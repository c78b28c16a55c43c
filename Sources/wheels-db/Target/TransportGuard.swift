import PostgresClient

/// Keeps passwords and rows off the network in plain text.
enum TransportGuard {
    /// The settings to connect with, and what was changed about them.
    struct Decision: Equatable {
        let settings: ConnectionSettings
        let note: String?
    }

    /// Raises the modes that can end in plain text to `require`, unless the host is this machine or it is allowed.
    static func apply(to target: DatabaseTarget, allowsPlaintext: Bool) -> Decision {
        let mode = target.settings.keywords["sslmode"]
        if target.isLoopback || allowsPlaintext || ["require", "verify-ca", "verify-full"].contains(mode) {
            return Decision(settings: target.settings, note: nil)
        }
        let raised = target.settings.setting("sslmode", to: "require")
        let note = mode.map { "sslmode=\($0) is raised to require; --allow-plaintext keeps it." }
        return Decision(settings: raised, note: note)
    }
}
