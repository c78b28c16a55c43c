import Diagnostics
import Glibc

/// Lets another program take the place of this process: same number, same descriptors, same variables.
enum ProcessReplacement {
    /// Starts a program, searched in `PATH`, and returns only by throwing.
    ///
    /// - Parameter command: The program and its arguments.
    /// - Throws: ``CommandError`` when it cannot be started.
    static func replace(with command: [String]) throws(CommandError) {
        giveSignalsBack()
        var arguments: [UnsafeMutablePointer<CChar>?] = unsafe command.map { unsafe strdup($0) }
        unsafe arguments.append(nil)
        defer { while let last = unsafe arguments.popLast() { unsafe free(last) } }
        _ = unsafe execvp(command[0], arguments)
        let reason = unsafe String(cString: strerror(errno))
        throw CommandError(
            "env.cannot-start", "The variables are right, and \(command[0]) cannot be started: \(reason).",
            remedy: Remedy("Check the program's name and PATH."), failureClass: .failure)
    }

    /// An ignored signal stays ignored in the new program, and a blocked one blocked: nobody could stop it.
    private static func giveSignalsBack() {
        for number in [SIGINT, SIGTERM, SIGPIPE] { _ = signal(number, SIG_DFL) }
        var none = sigset_t()
        unsafe sigemptyset(&none)
        _ = unsafe pthread_sigmask(SIG_SETMASK, &none, nil)
    }
}
