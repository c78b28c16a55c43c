import FoundationEssentials

/// A key of Supabase's API, as far as it tells about itself.
///
/// The claims of a token are decoded and not verified: whoever checks variables holds no secret to verify with.
public struct SupabaseKey: Sendable, Hashable {
    /// Whose rights a key has.
    public enum Role: String, Sendable, CaseIterable {
        /// Public, bound by row level security.
        case anon
        /// Secret, above row level security.
        case serviceRole = "service_role"
    }

    /// The role's name as the key says it.
    let role: String?
    /// The project; keys of the newer form do not say it.
    let ref: String?
    let expires: Date?

    private struct Claims: Decodable {
        let role: String?
        let ref: String?
        let exp: Double?
    }

    /// Reads a key: a JSON Web Token, or one of the newer `sb_publishable_…` and `sb_secret_…`.
    ///
    /// - Parameter text: The variable's value; anything else is `nil`.
    init?(_ text: String) {
        if text.hasPrefix("sb_publishable_") || text.hasPrefix("sb_secret_") {
            role = (text.hasPrefix("sb_secret_") ? Role.serviceRole : .anon).rawValue
            ref = nil
            expires = nil
            return
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let bytes = Self.bytes(ofBase64URL: parts[1]),
            let claims = try? JSONDecoder().decode(Claims.self, from: Data(bytes))
        else { return nil }
        role = claims.role
        ref = claims.ref
        expires = claims.exp.map { Date(timeIntervalSince1970: $0) }
    }

    /// Whether the key says its project at all.
    var namesProject: Bool { ref != nil }

    private static func bytes(ofBase64URL text: Substring) -> [UInt8]? {
        let plain = text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }.filter { $0 != "=" }
        let padding = String(repeating: "=", count: (4 - plain.count % 4) % 4)
        return Data(base64Encoded: String(plain) + padding).map { Array($0) }
    }
}
