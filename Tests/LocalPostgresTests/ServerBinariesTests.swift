import Diagnostics
import Foundation
import PostgresTesting
import PostgresTypes
import Testing

@testable import LocalPostgres

struct ServerBinariesTests {
    /// A folder with programs that print a version and do nothing else.
    private func withInstallation<Result>(
        printing text: String,
        programs: [String] = ["postgres", "initdb", "pg_ctl"],
        _ body: (String) async throws -> Result
    ) async throws -> Result {
        let folder = "/tmp/wheels-db-test-\(UUID().uuidString)"
        try PrivateDirectory.make(folder, mode: 0o755)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for program in programs {
            try TextFile.write("#!/bin/sh\necho '\(text)'\n", to: "\(folder)/\(program)", mode: 0o755)
        }
        return try await body(folder)
    }

    @Test(arguments: [
        ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", 150_018), ("postgres (PostgreSQL) 18.1", 180_001),
        ("postgres (PostgreSQL) 19beta2", 190_000), ("postgres (PostgreSQL) 17.0\n", 170_000),
    ])
    func `reads the version that the server prints`(text: String, number: Int) {
        #expect(ServerBinaries.version(printed: text)?.number == number)
    }

    @Test func `the newest installation wins unless a version is asked for`() async throws {
        try await withInstallation(printing: "postgres (PostgreSQL) 99.1") { newest in
            try await withInstallation(printing: "postgres (PostgreSQL) 98.4") { older in
                let environment = ["PATH": "\(older):\(newest)"]
                let any = try await ServerBinaries.find(environment: environment)
                let asked = try await ServerBinaries.find(environment: environment, major: 98)
                #expect(any.directory == newest)
                #expect(asked.directory == older)
            }
        }
    }

    @Test func `a link to the server is followed to its siblings`() async throws {
        try await withInstallation(printing: "postgres (PostgreSQL) 99.1") { real in
            try await withInstallation(printing: "", programs: []) { links in
                try FileManager.default.createSymbolicLink(
                    atPath: "\(links)/postgres",
                    withDestinationPath: "\(real)/postgres"
                )
                let found = try await ServerBinaries.find(environment: ["PATH": links])
                #expect(found.directory == real)
            }
        }
    }

    @Test func `what cannot be used is named with the package to install`() async throws {
        try await withInstallation(printing: "postgres (PostgreSQL) 14.9") { old in
            let error = await #expect(throws: LocalServerError.self) {
                _ = try await ServerBinaries.find(environment: [:], in: old)
            }
            #expect(error?.code == "local.no-server")
            #expect(error?.summary.contains("\(old) is version 14.9") == true)
            #expect(error?.remedy?.command == "apt-get install postgresql-15")
        }
        try await withInstallation(printing: "postgres (PostgreSQL) 15.9", programs: ["postgres"]) { half in
            let error = await #expect(throws: LocalServerError.self) {
                _ = try await ServerBinaries.find(environment: [:], in: half)
            }
            #expect(error?.summary.contains("\(half) has no initdb and no pg_ctl") == true)
        }
    }
}
