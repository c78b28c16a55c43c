import Glibc

/// Runs parser calls on a thread whose stack fits the text.
///
/// libpg_query walks the parse tree by recursion and has no limit of its own: about 170 bytes of stack for each level
/// of `1+1+1+…`, so that a 10 KB expression ends a process on a dispatch thread with 512 KB. A level takes at least two
/// bytes of text; the stack is 256 bytes for each byte of text, of which the system only backs what is used. The
/// library's memory belongs to the thread and goes with it.
enum DeepStack {
    private static let smallest = 1 << 20

    /// Runs the body to its end on a thread of its own.
    ///
    /// - Parameters:
    ///   - textBytes: The length of the longest text that the body hands to the parser.
    ///   - body: The work.
    /// - Returns: What the body returns.
    /// - Throws: ``Grammar/Failure`` from the body, or when no thread with such a stack can be had.
    static func run<Value: Sendable>(
        forTextOf textBytes: Int,
        _ body: @escaping @Sendable () throws(Grammar.Failure) -> Value
    ) throws(Grammar.Failure) -> Value {
        let job = Job(body)
        guard start(job, stackBytes: smallest + textBytes * 256), let outcome = job.outcome else {
            throw Grammar.Failure(
                message: "no memory for the parser's stack: the statement has \(textBytes) bytes", position: 1)
        }
        return try outcome.get()
    }

    private static func start(_ job: AnyJob, stackBytes: Int) -> Bool {
        var attributes = pthread_attr_t()
        guard unsafe pthread_attr_init(&attributes) == 0 else { return false }
        defer { unsafe pthread_attr_destroy(&attributes) }
        guard unsafe pthread_attr_setstacksize(&attributes, stackBytes) == 0 else { return false }
        let retained = unsafe Unmanaged.passRetained(job)
        var thread = pthread_t()
        let status = unsafe pthread_create(&thread, &attributes, runJob, retained.toOpaque())
        guard status == 0 else {
            unsafe retained.release()
            return false
        }
        return pthread_join(thread, nil) == 0
    }
}

private func runJob(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context else { return nil }
    unsafe Unmanaged<AnyJob>.fromOpaque(context).takeRetainedValue().run()
    return nil
}

private class AnyJob {
    func run() {}
}

/// One call and its outcome; written by the thread before it ends, read after it was joined.
private final class Job<Value: Sendable>: AnyJob {
    private let body: @Sendable () throws(Grammar.Failure) -> Value
    private(set) var outcome: Result<Value, Grammar.Failure>?

    init(_ body: @escaping @Sendable () throws(Grammar.Failure) -> Value) { self.body = body }

    override func run() {
        do throws(Grammar.Failure) { outcome = .success(try body()) } catch { outcome = .failure(error) }
    }
}
