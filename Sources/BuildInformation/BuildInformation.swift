/// What is known of how this program was built; `commit` is written by the plugin `BuildCommit`.
public enum BuildInformation: Sendable {}
