import Foundation
import Glibc
import PostgresTesting
import Testing

@Suite("The demonstration", .tags(.server), .serialized)
struct DemoTests {
    private static let arguments = [
        "demo", "--migrations", Workplace.package.appendingPathComponent("migrations").path, "--policies",
        Workplace.package.appendingPathComponent("policies").path, "--rows",
        Workplace.package.appendingPathComponent("Examples/demo-rows.sql").path,
    ]

    /// What is in the folder of a test beside the output of its runs.
    private func files(of work: Workplace) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: work.folder.path).filter {
            !$0.hasSuffix(".stdout") && !$0.hasSuffix(".stderr")
        }
    }

    /// The data directory of the server that a run with `--verbose` named.
    private func dataDirectory(in errors: String) throws -> String {
        let line = errors.split(separator: "\n").first { $0.contains("The server's files are in ") }
        return try #require(line?.split(separator: " ").last.map { String($0.dropLast()) })
    }

    @Test func `the stock restore ends with 0 and lies, ours is what was backed up, and nothing stays behind`()
        async throws
    {
        let work = try Workplace()
        let demo = try await work.run(Self.arguments + ["--json", "--verbose"])
        #expect(demo.status == 0, "\(demo)")
        let document = try demo.json()
        let steps = try #require(document["steps"] as? [[String: Any]])
        let results = steps.compactMap { $0["result"] as? String }.joined(separator: "\n")
        #expect(results.contains("proved equal"))
        // During it or beside it: the machine decides; neither may show in what is restored.
        #expect(results.contains("an account was closed"))

        let comparison = try #require(document["restore_that_lied"] as? [String: Any])
        #expect(comparison["stock_exit"] as? Int == 0)
        #expect(comparison["wheels_db_exit"] as? Int == 0)
        #expect(comparison["wrong_of_wheels_db"] as? Int == 0)
        #expect(comparison["truncatable_since2026"] as? Int ?? 0 > 0)
        let lines = try #require(comparison["lines"] as? [[String: Any]])
        func line(_ id: String) throws -> [String: Any] { try #require(lines.first { $0["id"] as? String == id }) }

        for id in ["anon.truncate", "anon.truncate.tried", "authenticated.truncate", "keys.orphans"] {
            #expect(try line(id)["source"] as? Int == 0)
        }
        for id in [
            "anon.read", "anon.write", "anon.truncate", "anon.truncate.tried", "authenticated.truncate",
            "authenticated.update", "anon.execute.definer", "anon.read.tried", "keys.orphans",
        ] {
            let found = try line(id)
            let source = try #require(found["source"] as? Int)
            #expect(found["stock"] as? Int ?? 0 > source, "\(found)")
            #expect(found["wheels_db"] as? Int == source, "\(found)")
            #expect(found["stock_holds"] as? Bool == false, "\(found)")
        }
        let orphans = try line("keys.orphans")["stock_details"] as? [String]
        #expect(orphans == ["public.support_tickets (support_tickets_user_id_fkey)"])
        for (id, source, stock) in [
            ("rows", "yes", "no, rows are later"), ("deploy", "no, no", "yes, no"), ("signup.tried", "yes", "no"),
            ("authenticated.trial.tried", "no", "yes"),
        ] {
            let found = try line(id)
            #expect(found["source"] as? String == source, "\(found)")
            #expect(found["stock"] as? String == stock, "\(found)")
            #expect(found["wheels_db"] as? String == source, "\(found)")
        }
        // What the stock procedure does well is said, too.
        for id in ["definitions", "row-security", "sequences.behind"] {
            let found = try line(id)
            #expect(found["stock_holds"] as? Bool == true, "\(found)")
        }
        #expect(try line("definitions")["source"] as? Int ?? 0 > 500)
        #expect(try line("managed.objects")["stock"] as? Int == 0)

        #expect(try files(of: work).isEmpty)
        let data = try dataDirectory(in: demo.errors)
        #expect(!FileManager.default.fileExists(atPath: data))
    }

    @Test(arguments: ["backup create…", "stock restore…"])
    func `an interrupted demonstration leaves nothing behind`(step: String) async throws {
        let work = try Workplace()
        let demo = try work.start(Self.arguments + ["--verbose"])
        #expect(try await eventually(within: .seconds(300)) { demo.errorsSoFar.contains(step) })
        demo.send(SIGINT)
        let outcome = try await demo.outcome()
        #expect(outcome.status == 130, "\(outcome)")
        #expect(try files(of: work).isEmpty)
        let data = try dataDirectory(in: outcome.errors)
        #expect(!FileManager.default.fileExists(atPath: data))
    }

    @Test func `a folder that is missing is named before a server is started`() async throws {
        let work = try Workplace()
        let demo = try await work.run(["demo", "--migrations", "nowhere", "--json"])
        #expect(demo.status == 10, "\(demo)")
        #expect(demo.errors.contains("nowhere"), "\(demo)")
        let bare = try await work.run(Self.arguments + ["--policies", "nothing", "--json"])
        #expect(bare.status == 10, "\(bare)")
        #expect(bare.errors.contains("nothing"), "\(bare)")
        #expect(try files(of: work).isEmpty)
    }
}
