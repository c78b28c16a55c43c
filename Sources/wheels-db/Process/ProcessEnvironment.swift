import FoundationEssentials
import Glibc

/// What the process was started with: variables, directory and terminal, read once and passed down.
struct ProcessEnvironment: Sendable, Equatable {
    var variables: [String: String] = [:]
    var workingDirectory = "/"
    /// Whether a person can be asked: both standard input and standard error are a terminal.
    var isInteractive = false
    /// Whether standard error is a terminal, which can redraw a line and show colours.
    var isErrorTerminal = false
    var isOutputTerminal = false
    var terminalWidth = 80

    /// A variable that is set and not empty.
    subscript(name: String) -> String? {
        guard let value = variables[name], !value.isEmpty else { return nil }
        return value
    }

    /// The user's home directory.
    var homeDirectory: String { self["HOME"] ?? "/" }

    /// The directory for what the tool remembers: `$XDG_CONFIG_HOME/wheels-db`, by default `~/.config/wheels-db`.
    var settingsDirectory: String {
        let base = self["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(homeDirectory)/.config"
        return "\(base)/wheels-db"
    }

    /// The directory for what the tool saw last: `$XDG_STATE_HOME/wheels-db`, by default `~/.local/state/wheels-db`.
    var stateDirectory: String {
        let base = self["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "\(homeDirectory)/.local/state"
        return "\(base)/wheels-db"
    }

    /// The path as seen from the working directory.
    func absolutePath(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        if path == "~" || path.hasPrefix("~/") { return homeDirectory + path.dropFirst(1) }
        return workingDirectory == "/" ? "/\(path)" : "\(workingDirectory)/\(path)"
    }

    /// Reads the process once, at its start.
    static func current() -> ProcessEnvironment {
        ProcessEnvironment(
            variables: ProcessInfo.processInfo.environment,
            workingDirectory: FileManager.default.currentDirectoryPath,
            isInteractive: isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1,
            isErrorTerminal: isatty(STDERR_FILENO) == 1,
            isOutputTerminal: isatty(STDOUT_FILENO) == 1,
            terminalWidth: width(of: STDERR_FILENO)
        )
    }

    private static func width(of descriptor: Int32) -> Int {
        var size = winsize()
        let status = unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size)
        return status == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }
}
