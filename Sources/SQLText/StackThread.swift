import Glibc

/// Threads with a stack of a chosen size.
enum StackThread {
    static func start(
        stackBytes: Int,
        _ body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?,
        _ context: UnsafeMutableRawPointer
    ) -> pthread_t? {
        var attributes = pthread_attr_t()
        guard unsafe pthread_attr_init(&attributes) == 0 else { return nil }
        defer { unsafe pthread_attr_destroy(&attributes) }
        guard unsafe pthread_attr_setstacksize(&attributes, stackBytes) == 0 else { return nil }
        var thread = pthread_t()
        return unsafe pthread_create(&thread, &attributes, body, context) == 0 ? thread : nil
    }
}
