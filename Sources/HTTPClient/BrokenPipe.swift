#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The signal that a write to a closed connection raises, and that ends a program which does not expect it.
enum BrokenPipe {
    /// Does some work on this thread without that signal; the error of the write is enough.
    ///
    /// libcurl would change what the whole program does with the signal, which is not its business.
    static func withoutSignal<Result>(_ work: () -> Result) -> Result {
        var pipe = sigset_t()
        var before = sigset_t()
        unsafe sigemptyset(&pipe)
        unsafe sigaddset(&pipe, SIGPIPE)
        let wasPending = isPending
        unsafe pthread_sigmask(SIG_BLOCK, &pipe, &before)
        let result = work()
        if !wasPending, isPending {
            var number: Int32 = 0
            unsafe sigwait(&pipe, &number)
        }
        unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
        return result
    }

    private static var isPending: Bool {
        var pending = sigset_t()
        unsafe sigpending(&pending)
        return unsafe sigismember(&pending, SIGPIPE) == 1
    }
}
