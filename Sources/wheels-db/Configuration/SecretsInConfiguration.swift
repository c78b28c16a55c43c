import Diagnostics
import Yams

/// Finds values in the configuration that belong into a variable or a key file.
enum SecretsInConfiguration {
    /// Refuses a document that holds a secret, without showing it.
    static func refuse(in node: ConfigurationNode) throws(CommandError) {
        switch node.node {
        case .scalar(let scalar):
            guard let kind = kind(of: scalar.string) else { return }
            let span = node.source.span(node.node.mark ?? node.keyMark, showing: 0)
            throw CommandError(
                "config.secret",
                "\(span): \(node.path) holds \(kind). Secrets do not belong into the configuration.",
                remedy: Remedy("Put it into an environment variable, name that one here, and change the secret."),
                span: span
            )
        case .mapping:
            for (_, value) in try node.entries() { try refuse(in: value) }
        case .sequence:
            for item in try node.items() { try refuse(in: item) }
        case .alias:
            return
        }
    }

    /// What kind of secret a text is, if it is one.
    static func kind(of text: String) -> String? {
        if text.hasPrefix("AGE-SECRET-KEY-1") { return "an identity" }
        if text.hasPrefix("sb_secret_") { return "a secret key of Supabase" }
        if isToken(text) { return "a JSON Web Token" }
        if hasPasswordInURL(text) { return "a URL with a password" }
        if text.hasPrefix("password=") || text.contains(" password=") { return "a password" }
        return nil
    }

    private static func isToken(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 3 && text.hasPrefix("eyJ") && parts.allSatisfy { $0.count > 8 }
    }

    private static func hasPasswordInURL(_ text: String) -> Bool {
        guard let scheme = text.firstRange(of: "://") else { return false }
        let rest = text[scheme.upperBound...]
        if rest.contains("?password=") || rest.contains("&password=") { return true }
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":") else {
            return false
        }
        return authority.index(after: colon) < at
    }
}
