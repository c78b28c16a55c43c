import Diagnostics

/// Decides whether a run may change its database, from values alone.
struct ChangeGuard: Sendable, Equatable {
    /// What has to happen before the change.
    enum Verdict: Equatable {
        /// The change may be made.
        case allowed
        /// A person has to type this word first.
        case mustType(word: String, reason: String)
        /// A person has to agree first.
        case mustAgree
        /// Not now; nothing is changed.
        case refused(code: String, summary: String, remedy: String, failureClass: FailureClass)
    }

    /// `--yes`.
    var saysYes = false
    /// `--confirm`.
    var confirmation: String?
    var isInteractive = false
    /// Whether the command replaces or removes what is there, so that it asks even on a harmless database.
    var isDestructive = false

    /// Whether the database may be changed.
    func verdict(on target: DatabaseTarget) -> Verdict {
        let word = target.confirmationWord
        if let confirmation, confirmation != word {
            return .refused(
                code: "guard.wrong-confirmation",
                summary: "--confirm names \"\(confirmation)\", and this database is \"\(word)\".",
                remedy: "Check which database you mean; its name is in the first line of the output.",
                failureClass: .refused
            )
        }
        if let reason = reasonToType(target) { return typed(word, reason: reason) }
        guard isDestructive, !saysYes, confirmation == nil else { return .allowed }
        if isInteractive { return .mustAgree }
        return .refused(
            code: "guard.yes-missing",
            summary: "This replaces what is in \(target.environmentName ?? word), and this is no terminal to ask on.",
            remedy: "Repeat it with --yes.",
            failureClass: .usage
        )
    }

    private func typed(_ word: String, reason: String) -> Verdict {
        if confirmation == word { return .allowed }
        if isInteractive { return .mustType(word: word, reason: reason) }
        return .refused(
            code: "guard.confirmation-missing",
            summary: "\(reason) It is changed only when its name is given; --yes is not enough.",
            remedy: "If you mean it, repeat the command with --confirm \(word)",
            failureClass: .refused
        )
    }

    private func reasonToType(_ target: DatabaseTarget) -> String? {
        if target.isProtected { return "The environment \(target.environmentName ?? "?") is protected." }
        guard !target.isLoopback, !target.isKnown else { return nil }
        return "The configuration does not know this database, and it is not on this machine."
    }
}
