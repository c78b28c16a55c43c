import Diagnostics
import PostgresClient
import Testing

@Suite("Connection settings")
struct ConnectionSettingsTests {
    @Test func `a URL is read into its parts`() throws {
        let settings = try ConnectionSettings(
            "postgresql://ana:secret@db.example.com:6543/trips?sslmode=require&application_name=x"
        )
        #expect(settings.host == "db.example.com")
        #expect(settings.port == 6543)
        #expect(settings.user == "ana")
        #expect(settings.database == "trips")
        #expect(settings.password == "secret")
        #expect(settings.keywords["sslmode"] == "require")
    }

    @Test func `keywords are read as libpq does`() throws {
        let settings = try ConnectionSettings("host=/tmp dbname=trips user=ana password='with space \\'quoted\\''")
        #expect(settings.host == "/tmp")
        #expect(settings.port == 5432)
        #expect(settings.password == "with space 'quoted'")
    }

    @Test func `the short scheme, an empty host and IPv6 are understood`() throws {
        #expect(try ConnectionSettings("postgres://ana@/trips").host == nil)
        #expect(try ConnectionSettings("postgres://ana@[::1]:5433/trips").host == "::1")
        #expect(try ConnectionSettings("postgres:///trips?host=/var/run/postgresql").host == "/var/run/postgresql")
    }

    @Test func `without a database it is the role's name`() throws {
        #expect(try ConnectionSettings("postgres://ana@h").database == "ana")
    }

    @Test(arguments: [
        "p@ss", "a:b/c?d#e&f=g", "100%", "ä€👩\u{200D}👩\u{200D}👧", " lead and trail ", "[]{}|\\^`\"'<>", "+plus+", "%40",
    ])
    func `any password survives the URL`(password: String) throws {
        let settings = ConnectionSettings(keywords: [
            "host": "db.example.com", "port": "6543", "user": "ana@home", "dbname": "a/b c", "password": password,
            "sslmode": "require", "options": "-c search_path=a,b",
        ])
        #expect(try ConnectionSettings(settings.url) == settings)
    }

    @Test(arguments: [
        ["host": "/var/run/my sockets", "port": "5433", "user": "ana", "dbname": "trips"],
        ["host": "::1", "port": "5433", "user": "ana", "dbname": "trips", "password": "x"],
        ["host": "a.example,b.example", "port": "1,2", "user": "ana", "dbname": "trips"],
        ["hostaddr": "127.0.0.1", "user": "ana", "dbname": "trips"], ["dbname": "trips", "password": "alone"],
    ])
    func `unusual places survive the URL`(keywords: [String: String]) throws {
        #expect(try ConnectionSettings(ConnectionSettings(keywords: keywords).url).keywords == keywords)
    }

    @Test func `neither description nor reflection of an error shows the password`() throws {
        let settings = try ConnectionSettings("postgresql://ana:hunter2@db.example.com/trips")
        #expect("\(settings)" == "database \"trips\" at db.example.com:5432 as role \"ana\"")
        #expect(ConnectionSettings(keywords: [:]).description == "database \"?\" at local socket as role \"?\"")
        let refused = TransactionPoolerError(activity: "A backup", settings: settings)
        #expect(!"\(refused)".contains("hunter2"))
    }

    @Test(arguments: [
        ("postgresql://ana:hunter2%zz@h/d", "percent"), ("postgresql://ana:hunter2@h/d?nope=1", "parameter"),
        ("postgresql://ana:hunter2@h/d?sslmode", "separator"), ("postgresql://ana:hunter2@[::1/d", "\"]\""),
        ("host=h password=hunter2 nope=1", "option"), ("host=h hunter2", "\"=\""),
        ("host=h password='hunter2", "quoted string"),
    ])
    func `an unreadable URL names the fault and never repeats the text`(text: String, fault: String) {
        let error = #expect(throws: PostgresError.self) { try ConnectionSettings(text) }
        #expect(error?.kind == .invalidInput)
        #expect(error?.failureClass == .usage)
        #expect(error?.summary.contains(fault) == true, "\(error?.summary ?? "")")
        #expect(error?.remedy != nil)
        #expect(error?.description.contains("hunter2") == false)
        #expect(error?.description.contains("nope") == false)
    }

    @Test func `PG variables are taken, empty ones are not`() {
        let settings = ConnectionSettings.fromEnvironment([
            "PGHOST": "h", "PGPORT": "5433", "PGUSER": "ana", "PGDATABASE": "trips", "PGPASSWORD": "p", "PGSSLMODE": "",
            "HOME": "/root",
        ])
        #expect(
            settings.keywords == ["host": "h", "port": "5433", "user": "ana", "dbname": "trips", "password": "p"]
        )
    }

    @Test func `child programs get the same settings by variables`() {
        let variables = [
            "PGHOST": "h", "PGPORT": "5433", "PGUSER": "ana", "PGDATABASE": "trips", "PGPASSWORD": "p",
            "PGSSLROOTCERT": "/ca.crt",
        ]
        #expect(ConnectionSettings.fromEnvironment(variables).environment == variables)
    }

    @Test(arguments: [
        ("postgres://h/d", false), ("postgres://localhost/d", true), ("postgres://127.0.0.1/d", true),
        ("postgres://127.9.9.9/d", true), ("postgres://[::1]/d", true), ("postgres:///d?host=/tmp", true),
        ("postgres:///d", true), ("postgres://localhost,h/d", false), ("postgres://127.0.0.1.example.com/d", false),
        ("postgres:///d?hostaddr=10.0.0.1", false), ("postgres://localhost/d?hostaddr=10.0.0.1", false),
    ])
    func `loopback is what cannot leave the machine`(url: String, isLoopback: Bool) throws {
        #expect(try ConnectionSettings(url).isLoopback == isLoopback)
    }

    @Test(arguments: [
        ("postgres://postgres@db.abcdefghij.supabase.co/postgres", "abcdefghij"),
        ("postgres://postgres.abcdefghij@aws-0-eu-central-1.pooler.supabase.com:6543/postgres", "abcdefghij"),
        ("postgres://postgres@aws-0-eu-central-1.pooler.supabase.com/postgres", nil),
        ("postgres://postgres.abc@db.example.com/postgres", nil), ("postgres:///postgres", nil),
    ])
    func `the project's ref is read from host or user`(url: String, ref: String?) throws {
        #expect(try ConnectionSettings(url).projectRef == ref)
    }

    @Test func `filling never overrides, setting always does`() {
        let settings = ConnectionSettings(keywords: ["sslmode": "require"])
        #expect(settings.filling(["sslmode": "disable", "port": "1"]).keywords == ["sslmode": "require", "port": "1"])
        #expect(settings.setting("sslmode", to: "disable").keywords["sslmode"] == "disable")
    }

    @Test(arguments: [(6543, true), (5433, false)])
    func `a transaction pooler is refused with the URL to use`(port: Int, namesPort: Bool) throws {
        let settings = try ConnectionSettings("postgres://postgres.abc@x.pooler.supabase.com:\(port)/postgres")
        let error = TransactionPoolerError(activity: "A backup", settings: settings)
        #expect(error.failureClass == .refused)
        #expect(error.summary.hasPrefix("A backup needs connections that keep their state"))
        #expect(error.remedy?.sentence.contains("port 5432") == namesPort)
    }
}
