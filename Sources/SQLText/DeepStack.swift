import Glibc

/// Runs parser calls on a thread whose stack fits the text.
///
/// libpg_query walks the parse tree by recursion and has no limit of its own: about 170 bytes of stack for each level
/// of `1+1+1+…`, so that a 10 KB expression ends a process on a dispatch thread with 512 KB. A level takes at least two
/// bytes of text; the stack is 256 bytes for each byte of text, of which the system only backs what is used.
///
/// All usual texts are parsed on one thread that stays: the library takes a key of `pthread_key_create` for each thread
/// it is called on and never gives it back. A process has 1,024 of them, and without one libcrypto cannot be used.
enum DeepStack {
    private static let smallest = 1 << 20
    /// The longest text that the stack of the thread that stays fits.
    static let longestUsualText = (ParserThread.stackBytes - smallest) / 256

    /// Runs the body to its end on a thread with a deep stack.
    ///
    /// - Parameters:
    ///   - textBytes: The length of the longest text that the body hands to the parser.
    ///   - body: The work; it must not call this function again.
    /// - Returns: What the body returns.
    /// - Throws: ``Grammar/Failure`` from the body, or when no thread with such a stack can be had.
    static func run<Value: Sendable>(
        forTextOf textBytes: Int,
        _ body: @escaping @Sendable () throws(Grammar.Failure) -> Value
    ) throws(Grammar.Failure) -> Value {
        let job = Job(body)
        let hasRun =
            textBytes <= longestUsualText && ParserThread.shared.run(job)
            || start(job, stackBytes: smallest + textBytes * 256)
        guard hasRun, let outcome = job.outcome else {
            throw Grammar.Failure(
                message: "no memory for the parser's stack: the statement has \(textBytes) bytes", position: 1)
        }
        return try outcome.get()
    }

    /// Runs a job on a thread of its own and waits for its end.
    private static func start(_ job: ParserJob, stackBytes: Int) -> Bool {
        let retained = unsafe Unmanaged.passRetained(job)
        guard let thread = unsafe StackThread.start(stackBytes: stackBytes, runJob, retained.toOpaque()) else {
            unsafe retained.release()
            return false
        }
        return pthread_join(thread, nil) == 0
    }
}

private func runJob(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context else { return nil }
    unsafe Unmanaged<ParserJob>.fromOpaque(context).takeRetainedValue().run()
    return nil
}

/// One call and its outcome.
///
/// `@unchecked`: as for every ``ParserJob``.
private final class Job<Value: Sendable>: ParserJob, @unchecked Sendable {
    private let body: @Sendable () throws(Grammar.Failure) -> Value
    private(set) var outcome: Result<Value, Grammar.Failure>?

    init(_ body: @escaping @Sendable () throws(Grammar.Failure) -> Value) { self.body = body }

    override func run() {
        do throws(Grammar.Failure) { outcome = .success(try body()) } catch { outcome = .failure(error) }
    }
}
