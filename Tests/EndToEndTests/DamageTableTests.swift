import Foundation
import PostgresClient
import PostgresTesting
import Testing

/// A repository with three backups of three tables, and ways to damage it.
private struct DamagedPlace {
    let work: Workplace
    let backups: [String]
    var check: [String] { ["repository", "check", "--json"] + work.keys }

    init() async throws {
        work = try Workplace()
        #expect(try await work.makeRepository().status == 0)
        let session = try await ScratchDatabase.current.session()
        var backups: [String] = []
        for number in 0..<3 {
            try await session.execute(
                Query(
                    unsafeSQL:
                        "create table public.own_\(number) as select n, md5((n + \(number))::text) from generate_series(1, 400) n"
                )
            )
            let made = try await work.backUp(try ScratchDatabase.current.settings)
            #expect(made.status == 0, "\(made)")
            backups.append(try #require(try made.json()["backup"] as? String))
        }
        self.backups = backups
        #expect(try await verify(backups[0]).status == 0)
    }

    func verify(_ backup: String, _ more: [String] = []) async throws -> WheelsProgram.Outcome {
        try await work.run(["backup", "verify", backup, "--json"] + more + work.keys)
    }

    func names(_ prefix: String) -> [String] { work.objects().keys.filter { $0.hasPrefix(prefix) }.sorted() }

    func file(_ name: String) -> URL { work.repository.appendingPathComponent(name) }

    /// Does something to an object, lets the body look, and undoes it.
    func with(_ name: String, _ bytes: Data?, _ body: () async throws -> Void) async throws {
        let whole = try Data(contentsOf: file(name))
        try FileManager.default.removeItem(at: file(name))
        try bytes?.write(to: file(name))
        try await body()
        if bytes != nil { try FileManager.default.removeItem(at: file(name)) }
        try whole.write(to: file(name))
    }

    /// Every damage of an object: the name of it, and the bytes that stand there then.
    func damages(of name: String, other: String?) throws -> [(String, Data?)] {
        let whole = try Data(contentsOf: file(name))
        func flipped(_ place: Int, _ bit: UInt8) -> Data {
            var bytes = whole
            bytes[place] ^= bit
            return bytes
        }
        var all: [(String, Data?)] = [
            ("dropped", nil), ("emptied", Data()), ("cut", whole.dropLast(1)), ("continued", whole + [0]),
            ("version flipped", flipped(4, 2)), ("codec flipped", flipped(6, 4)),
            ("middle flipped", flipped(whole.count / 2, 1)), ("end flipped", flipped(whole.count - 2, 1)),
        ]
        if let other { all.append(("replaced by \(other)", try Data(contentsOf: file(other)))) }
        return all
    }
}

@Suite("Damage of every kind of object", .tags(.server))
struct DamageTableTests {
    @Test(.scratchDatabase, .timeLimit(.minutes(10)))
    func `verify and check find it, name it, and say what it touches`() async throws {
        let place = try await DamagedPlace()
        let newest = try #require(place.backups.last)
        let kinds = [
            ("chunks/", place.names("chunks/")), ("schemas/", place.names("schemas/")),
            ("indexes/", place.names("indexes/")), ("runs/", place.names("runs/")),
            ("manifests/", place.names("manifests/")),
        ]
        for (kind, names) in kinds {
            #expect(names.count >= 2, "\(kind)")
            let name = kind == "manifests/" ? "manifests/\(newest)" : try await place.needed(by: newest, of: names)
            let other = try #require(names.first { $0 != name })
            for (damage, bytes) in try place.damages(of: name, other: other) {
                let comment = "\(name) \(damage)"
                try await place.with(name, bytes) {
                    let check = try await place.work.run(place.check)
                    let verify = try await place.verify(newest)
                    if kind == "manifests/", damage == "dropped" {
                        // The newest manifest alone can vanish unseen; the one before it leaves a gap.
                        #expect(check.status == 0 && verify.status == 10, "\(comment)\n\(check)\n\(verify)")
                        return
                    }
                    #expect(check.status == 13, "\(comment): \(check)")
                    #expect(verify.status == 13, "\(comment): \(verify)")
                    #expect((check.output + check.errors).contains(name), "\(comment): \(check)")
                    #expect((verify.output + verify.errors).contains(name), "\(comment): \(verify)")
                    guard kind != "manifests/" else { return }
                    for outcome in [check, verify] {
                        let problems = try #require(try outcome.json()["problems"] as? [[String: Any]])
                        let own = try #require(
                            problems.first { $0["object"] as? String == name }, "\(comment): \(outcome)")
                        #expect((own["backups"] as? [String])?.contains(newest) == true, "\(comment): \(outcome)")
                        #expect((own["tables"] as? [String])?.isEmpty == false, "\(comment): \(outcome)")
                    }
                }
            }
        }
        try await place.with("manifests/\(place.backups[1])", nil) {
            let gap = try await place.work.run(place.check)
            #expect(gap.status == 13, "\(gap)")
        }
        #expect(try await place.work.run(place.check).status == 0)
    }

    @Test(.scratchDatabase, .timeLimit(.minutes(5)))
    func `key files, vouchers and the description are named by whoever needs them`() async throws {
        let place = try await DamagedPlace()
        let keys = place.names("keys/")
        let holder = try #require(keys.first { $0.hasSuffix(".age") })
        let voucher = try #require(keys.first { $0.hasSuffix(".mark") })
        let cases = [(holder, [13, 13]), (voucher, [13, 0]), ("wheels-db-repository.json", [13, 13])]
        for (name, expected) in cases {
            for (damage, bytes) in try place.damages(of: name, other: place.names("runs/").first) {
                // The last byte of the description is a newline, which it can do without.
                if name.hasSuffix(".json"), ["cut", "end flipped"].contains(damage) { continue }
                try await place.with(name, bytes) {
                    let check = try await place.work.run(place.check)
                    let verify = try await place.verify("latest")
                    #expect(
                        [check.status, verify.status] == expected.map(Int32.init),
                        "\(name) \(damage)\n\(check)\n\(verify)")
                    for outcome in [check, verify] where outcome.status == 13 {
                        #expect((outcome.output + outcome.errors).contains(name), "\(name) \(damage): \(outcome)")
                        #expect((outcome.output + outcome.errors).contains("wheels-db "), "no remedy: \(outcome)")
                    }
                }
            }
        }
        #expect(try await place.work.run(place.check).status == 0)
    }

    @Test(.scratchDatabase, .timeLimit(.minutes(5)))
    func `marks that are damaged, exchanged or copied say nothing and are findings`() async throws {
        let place = try await DamagedPlace()
        let pruned = try await place.work.run(["backup", "prune", "--keep-last", "1", "--json"] + place.work.keys)
        #expect(pruned.status == 0, "\(pruned)")
        let deleted = place.names("marks/deleted/")
        let verified = place.names("marks/verified/")
        #expect(!deleted.isEmpty && verified.count == 1)
        for name in [deleted[0], verified[0]] {
            let other = place.names("marks/").first { $0 != name }
            for (damage, bytes) in try place.damages(of: name, other: other) where bytes != nil {
                try await place.with(name, bytes) {
                    let check = try await place.work.run(place.check)
                    #expect(check.status == 2, "\(name) \(damage): \(check)")
                    #expect((check.output + check.errors).contains(name), "\(name) \(damage): \(check)")
                }
            }
        }
        #expect(try await place.work.run(place.check).status == 0)
    }

    @Test(.scratchDatabase, .timeLimit(.minutes(5)))
    func `an entry of the ledger of egress is found by a check, and no backup needs it`() async throws {
        let place = try await DamagedPlace()
        let files = FileManager.default.enumerator(atPath: place.work.repository.path)?.compactMap { $0 as? String }
        let entries = try #require(files).filter { $0.wholeMatch(of: #/egress/.+/.+/#) != nil }.sorted()
        try #require(entries.count == 3)
        // Nobody names an entry: one that is dropped is not missed.
        for (damage, bytes) in try place.damages(of: entries[2], other: entries[0]) where bytes != nil {
            try await place.with(entries[2], bytes) {
                let check = try await place.work.run(place.check)
                let verify = try await place.verify("latest")
                #expect([check.status, verify.status] == [13, 0], "\(damage)\n\(check)\n\(verify)")
                #expect((check.output + check.errors).contains(entries[2]), "\(damage): \(check)")
            }
        }
        #expect(try await place.work.run(place.check).status == 0)
    }

    @Test(.scratchDatabase) func `all damage is told at once, with the backup that it does not touch`() async throws {
        let place = try await DamagedPlace()
        let session = try await ScratchDatabase.current.session()
        try await session.execute("create table public.late as select n from generate_series(1, 9) n")
        let oldest = place.backups[0]
        let made = try await place.work.backUp(try ScratchDatabase.current.settings)
        let newest = try #require(try made.json()["backup"] as? String)
        let all = try await place.objects(of: newest).subtracting(place.objects(of: oldest)).sorted()
        #expect(all.count >= 3)
        for (number, name) in all.enumerated() {
            let whole = try Data(contentsOf: place.file(name))
            try FileManager.default.removeItem(at: place.file(name))
            if number > 0 { try whole.dropLast(number).write(to: place.file(name)) }
        }
        let found = try await place.verify(newest)
        #expect(found.status == 13, "\(found)")
        let problems = try #require(try found.json()["problems"] as? [[String: Any]])
        #expect(Set(problems.compactMap { $0["object"] as? String }) == Set(all), "\(found)")
        #expect(problems.first { $0["object"] as? String == all[0] }?["kind"] as? String == "missing")
        let untouched = try #require(try found.json()["untouched"] as? [[String: Any]])
        #expect(untouched.contains { $0["backup"] as? String == oldest }, "\(found)")
        let forPeople = try await place.work.run(["backup", "verify", newest] + place.work.keys)
        #expect(
            forPeople.errors.contains("backup create --full") && forPeople.output.contains("NOT whole"), "\(forPeople)")
        for name in all { #expect(forPeople.errors.contains(name)) }
        // The remedy works: what is stored anew is whole.
        let full = try await place.work.run(
            ["backup", "create", "--full", "--repository", place.work.repository.path],
            on: try ScratchDatabase.current.settings)
        #expect(full.status == 0, "\(full)")
        let healed = try await place.verify("latest")
        #expect(healed.status == 0, "\(healed)")
    }

    @Test(.scratchDatabase) func `a sample reads a part, says how much, and finds what is missing`() async throws {
        let place = try await DamagedPlace()
        // More than one object holds.
        try await ScratchDatabase.current.session().execute(
            """
            create table public.large as select n, (select string_agg(md5(n::text || k::text), '') from
              generate_series(1, 60) k) from generate_series(1, 13000) n
            """)
        let made = try await place.work.backUp(try ScratchDatabase.current.settings)
        let newest = try #require(try made.json()["backup"] as? String)
        let sound = try await place.verify(newest, ["--sample", "1"])
        #expect(sound.status == 0, "\(sound)")
        let document = try sound.json()
        let needed = try #require(document["needed"] as? Int)
        #expect(needed > 3 && (document["objects"] as? Int ?? needed) < needed && document["whole"] as? Bool == false)
        let forPeople = try await place.work.run(["backup", "verify", newest, "--sample", "1%"] + place.work.keys)
        #expect(forPeople.status == 0 && forPeople.output.contains("a sample of it is good"), "\(forPeople)")
        for wrong in ["0%", "0", "101%", "-3", "x", "5.5"] {
            for command in [["backup", "verify"], ["repository", "check"]] {
                let outcome = try await place.work.run(command + ["--sample=\(wrong)"] + place.work.keys)
                #expect(outcome.status == 64, "\(wrong): \(outcome)")
            }
        }
        let chunk = try await place.needed(by: newest, of: place.names("chunks/"))
        let whole = try Data(contentsOf: place.file(chunk))
        for bytes in [nil, Data(whole.dropLast(1))] {
            try await place.with(chunk, bytes) {
                let found = try await place.verify(newest, ["--sample", "1"])
                #expect(found.status == 13, "\(found)")
            }
        }
        // A sample proves no whole backup: none is noted as verified.
        #expect(place.names("marks/verified/").allSatisfy { $0.contains(place.backups[0]) })
    }
}

extension DamagedPlace {
    /// The objects that a backup needs.
    func objects(of backup: String) async throws -> Set<String> {
        let shown = try await work.run(["backup", "show", backup, "--json"] + work.keys)
        let text = shown.output
        return Set(
            work.objects().keys.filter {
                $0.hasPrefix("chunks/") || $0.hasPrefix("schemas/") || $0.hasPrefix("indexes/")
            }.filter(text.contains))
    }

    func needed(by backup: String, of names: [String]) async throws -> String {
        guard names.first?.hasPrefix("runs/") == false else { return "runs/\(backup).age" }
        let own = try await objects(of: backup)
        return try #require(names.first { own.contains($0) })
    }
}
