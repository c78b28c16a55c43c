import PostgresTypes
import Testing

@Suite("SQLSTATE and server version")
struct SQLStateTests {
    @Test(arguments: [
        (SQLState.queryCanceled, "57"), (.tooManyConnections, "53"), (.diskFull, "53"), (.undefinedTable, "42"),
        (.invalidPassword, "28"), (.uniqueViolation, "23"), (.serializationFailure, "40"), ("08006", "08"), ("", ""),
    ])
    func `the class is the first two characters`(state: SQLState, errorClass: String) {
        #expect(state.errorClass == errorClass)
    }

    @Test(arguments: [("08000", true), ("08006", true), ("08P01", true), ("57P01", false), ("80800", false)])
    func `class 08 is a connection failure`(state: SQLState, isConnectionFailure: Bool) {
        #expect(state.isConnectionFailure == isConnectionFailure)
    }

    @Test(arguments: [
        (SQLState.serializationFailure, true), (.deadlockDetected, true), (.lockNotAvailable, true),
        (.queryCanceled, false), (.uniqueViolation, false), (.inFailedTransaction, false),
    ])
    func `only conflicts with others are worth trying again`(state: SQLState, isRetryable: Bool) {
        #expect(state.isRetryable == isRetryable)
    }

    @Test(arguments: [
        (150_018, 15, 18, "15.18"), (180_000, 18, 0, "18.0"), (170_004, 17, 4, "17.4"), (100_023, 10, 23, "10.23"),
    ])
    func `a version number is split into major and minor`(number: Int, major: Int, minor: Int, text: String) {
        let version = ServerVersion(number: number)
        #expect(version.major == major)
        #expect(version.minor == minor)
        #expect(version.description == text)
    }

    @Test func `versions are ordered by age`() {
        #expect(ServerVersion(number: 150_018) < ServerVersion(number: 180_000))
        #expect(ServerVersion(number: 150_009) < ServerVersion(number: 150_010))
        #expect(!(ServerVersion(number: 150_009) < ServerVersion(number: 150_009)))
    }
}
