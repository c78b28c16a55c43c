/// The environment that child programs get: never the caller's, whose `PG*` variables would steer them elsewhere.
package enum ChildEnvironment: Sendable {
    /// English messages, UTC, and the places of the system's programs.
    package static let plain = [
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "LC_ALL": "C",
        "TZ": "UTC",
    ]
}
