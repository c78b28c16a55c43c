import CCrypto

/// Bytes that are overwritten with zeros when their last owner lets go.
///
/// It is a class, so that tasks share one copy instead of making more. It has no description, and printing it shows
/// the name of the type only.
@safe public final class SecretBytes: @unchecked Sendable {
    // `@unchecked`: the memory is written in `init` only, before anybody else can see the object, and freed in `deinit`.
    private let start: UnsafeMutableRawPointer
    /// How many bytes there are.
    public let count: Int

    /// A copy of some bytes.
    ///
    /// - Parameter bytes: What to keep; the caller's own copy stays with the caller.
    public convenience init(_ bytes: RawSpan) {
        unsafe self.init(count: bytes.byteCount) { target in
            unsafe bytes.withUnsafeBytes { source in unsafe target.copyMemory(from: source) }
        }
    }

    /// A copy of some bytes.
    ///
    /// - Parameter bytes: What to keep; the array stays with the caller.
    public convenience init(_ bytes: [UInt8]) {
        unsafe self.init(bytes.span.bytes)
    }

    /// A copy as an array, which nobody overwrites; only for the text forms of keys.
    var array: [UInt8] {
        unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    init<Failure: Error>(
        count: Int,
        _ fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        self.count = count
        unsafe start = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1), alignment: 16)
        unsafe start.initializeMemory(as: UInt8.self, repeating: 0, count: max(count, 1))
        try unsafe fill(UnsafeMutableRawBufferPointer(start: start, count: count))
    }

    deinit {
        unsafe OPENSSL_cleanse(start, count)
        unsafe start.deallocate()
    }

    /// Lends the bytes for the time of a call.
    ///
    /// - Parameter body: Gets the bytes; it must not keep a copy.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let buffer = unsafe UnsafeRawBufferPointer(start: start, count: count)
        return try unsafe body(buffer.bytes)
    }
}
