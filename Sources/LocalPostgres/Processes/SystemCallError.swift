import Glibc

/// A failed system call: its name and `errno`.
struct SystemCallError: Error, CustomStringConvertible {
    let call: String
    let number: Int32

    /// The error of the call that has just failed.
    init(_ call: String, number: Int32 = errno) {
        self.call = call
        self.number = number
    }

    var description: String {
        guard let text = unsafe strerror(number) else { return "\(call): error \(number)" }
        return "\(call): \(unsafe String(cString: text))"
    }

    var isPermission: Bool { number == EACCES || number == EPERM || number == EROFS }
    var isFull: Bool { number == ENOSPC || number == EDQUOT }

    /// Turns C's `-1` into a thrown error.
    @discardableResult
    static func check(_ call: String, _ result: Int32) throws(SystemCallError) -> Int32 {
        guard result != -1 else { throw SystemCallError(call) }
        return result
    }
}
