import LocalPostgres
import PostgresClient
import PostgresTesting
import PostgresTypes
import Testing

@Suite(.tags(.server), .scratchDatabase)
struct ShapeTests {
    @Test func `is reached as the ordinary role postgres`() async throws {
        let session = try await ScratchDatabase.current.session()
        let rows = try await session.query("SELECT rolsuper AS super FROM pg_roles WHERE rolname = current_user")
        #expect(try rows.map { try $0.value("super", as: Bool.self) } == [false])
    }
}
