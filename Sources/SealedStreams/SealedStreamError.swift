import CCrypto
public import Diagnostics

/// A failure of sealing, opening or compressing bytes.
///
/// ``failureClass`` tells a wrong key from damage: `FailureClass.wrongKey` means that the bytes may be fine and
/// another key opens them, `FailureClass.corrupt` that the key was right, or did not matter, and the bytes are not
/// what was written.
public struct SealedStreamError: ExplainedError, Sendable {
    /// The stable name for scripts, such as `sealed.corrupt`.
    public let code: String
    /// What failed, and on which object.
    public let summary: String
    /// What to do next, where something can be done.
    public let remedy: Remedy?
    /// Wrong key, damage, an unknown version, or a plain failure.
    public let failureClass: FailureClass

    private init(code: String, summary: String, remedy: Remedy?, failureClass: FailureClass) {
        self.code = code
        self.summary = summary
        self.remedy = remedy
        self.failureClass = failureClass
    }

    /// Stored bytes are not what was written.
    ///
    /// - Parameters:
    ///   - name: The object, as the user can find it.
    ///   - reason: What is wrong with it, as the rest of a sentence that begins with the name.
    /// - Returns: An error of the class `FailureClass.corrupt`.
    public static func corrupt(_ name: String, _ reason: String) -> SealedStreamError {
        SealedStreamError(code: "sealed.corrupt", summary: "\(name) \(reason).", remedy: nil, failureClass: .corrupt)
    }

    /// The key, identity or passphrase does not open this object.
    ///
    /// - Parameters:
    ///   - summary: What was tried, on what.
    ///   - remedy: Where the right key may be found.
    /// - Returns: An error of the class `FailureClass.wrongKey`.
    public static func wrongKey(_ summary: String, remedy: Remedy? = nil) -> SealedStreamError {
        SealedStreamError(code: "sealed.wrong-key", summary: summary, remedy: remedy, failureClass: .wrongKey)
    }

    /// Text that should be a key is not one.
    static func malformedKey(_ summary: String) -> SealedStreamError {
        SealedStreamError(
            code: "sealed.malformed-key",
            summary: summary,
            remedy: Remedy("Copy the whole line again; one wrong or missing character is enough."),
            failureClass: .wrongKey
        )
    }

    /// A newer or unknown format.
    ///
    /// - Parameters:
    ///   - name: The object, as the user can find it.
    ///   - what: What is unknown about it, as the rest of a sentence that begins with the name.
    /// - Returns: An error of the class `FailureClass.unsupportedVersion`.
    public static func unsupportedVersion(_ name: String, _ what: String) -> SealedStreamError {
        SealedStreamError(
            code: "sealed.unsupported-version",
            summary: "\(name) \(what), which this version of wheels-db cannot read.",
            remedy: Remedy("Use the version that wrote it, or a newer one."),
            failureClass: .unsupportedVersion
        )
    }

    /// A library call failed that fails only when memory or the system's random source is gone.
    static func library(_ function: String, _ reason: String) -> SealedStreamError {
        SealedStreamError(
            code: "sealed.library",
            summary: "\(function) failed: \(reason).",
            remedy: nil,
            failureClass: .failure
        )
    }

    /// A call of libcrypto failed; takes the reason from its error queue and leaves the queue empty.
    static func crypto(_ function: String) -> SealedStreamError {
        var reason = "no reason given"
        while true {
            let code = ERR_get_error()
            if code == 0 { break }
            if let text = unsafe ERR_reason_error_string(code) { reason = unsafe String(cString: text) }
        }
        return library(function, reason)
    }
}
