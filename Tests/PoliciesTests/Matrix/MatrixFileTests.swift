import Diagnostics
import Testing

@testable import Policies

@Suite("Matrix file")
struct MatrixFileTests {
    private static func matrix(_ cells: [(String, String, AccessCommand, AccessMatrix.Cell)]) -> AccessMatrix {
        AccessMatrix(
            cells: Dictionary(
                cells.map { (AccessMatrix.Place(relation: $0.0, role: $0.1, command: $0.2), $0.3) }
            ) { first, _ in first })
    }

    /// All commands of a relation for the three roles, denied but for what is given.
    private static func whole(
        _ relation: String,
        _ given: [(String, AccessCommand, AccessMatrix.Cell)] = []
    ) -> [(String, String, AccessCommand, AccessMatrix.Cell)] {
        AccessRole.ofAPI.flatMap { role in
            AccessCommand.allCases.map { command in
                let cell = given.first { $0.0 == role && $0.1 == command }?.2
                return (relation, role, command, cell ?? AccessMatrix.Cell(.deniedByGrant))
            }
        }
    }

    private let sample = Self.matrix(
        whole(
            "public.trips",
            [
                ("authenticated", .select, .init(.own)),
                ("authenticated", .update, .init(.own, columns: ["a", "b c"])),
                ("authenticated", .insert, .init(.conditional, columns: ["a"], lacks: ["RETURNING"])),
                ("anon", .delete, .init(.error("42P17"))), ("service_role", .truncate, .init(.none)),
                ("service_role", .select, .init(.open)), ("anon", .select, .init(.deniedByPolicy)),
            ]) + whole("public.zebra"))

    @Test func `what is written is read again`() throws {
        #expect(try MatrixFile.parse(sample.markdown, path: "m.md") == sample)
    }

    @Test func `a line is a relation and role, in an order that does not change`() {
        let lines = sample.markdown.split(separator: "\n").filter { $0.hasPrefix("| public") }
        #expect(lines.count == 6)
        #expect(
            lines[0] == "| public.trips | anon | DENY(rls) | DENY(grant) | DENY(grant) | ERROR(42P17) | DENY(grant) |")
        #expect(lines[1].hasPrefix("| public.trips | authenticated | OWN | COND* (no RETURNING) | OWN* |"))
        #expect(sample.markdown.hasSuffix("- public.trips authenticated UPDATE: a, b c\n"))
    }

    @Test func `a line that is none is refused with its place`() {
        let text = sample.markdown.replacing("ERROR(42P17)", with: "MAYBE")
        let error = #expect(throws: MatrixFileError.self) { try MatrixFile.parse(text, path: "m.md") }
        #expect(error?.span?.lineText.contains("MAYBE") == true)
        #expect(
            #expect(throws: MatrixFileError.self) { try MatrixFile.parse("nothing", path: "m.md") }?.code
                == "matrix.empty")
    }

    @Test func `changed cells are told, wider ones marked`() {
        let live = Self.matrix(
            Self.whole(
                "public.trips",
                [
                    ("authenticated", .select, .init(.conditional)),
                    ("authenticated", .update, .init(.own, columns: ["a"])),
                    ("authenticated", .insert, .init(.conditional, columns: ["a", "z"], lacks: ["RETURNING"])),
                    ("anon", .delete, .init(.error("42P17"))), ("service_role", .truncate, .init(.none)),
                    ("service_role", .select, .init(.open)), ("anon", .select, .init(.open)),
                ]) + Self.whole("public.zebra"))
        let found = sample.differences(to: live)
        #expect(
            found.map(\.description) == [
                "public.trips anon SELECT: DENY(rls) → OPEN",
                "public.trips authenticated SELECT: OWN → COND",
                "public.trips authenticated INSERT: COND* (no RETURNING) [a] → COND* (no RETURNING) [a, z]",
                "public.trips authenticated UPDATE: OWN* [a, b c] → OWN* [a]",
            ])
        #expect(found.map(\.isWidening) == [true, true, true, false])
        #expect(live.differences(to: sample).map(\.isWidening) == [false, false, false, true])
    }

    @Test func `a relation of one side only is told once, and each cell it opens`() {
        let live = Self.matrix(
            Self.whole("public.trips", [("authenticated", .select, .init(.own))]) + Self.whole("public.new"))
        let known = Self.matrix(Self.whole("public.trips", [("authenticated", .select, .init(.own))]))
        #expect(
            known.differences(to: live).map(\.description) == [
                "public.new anon SELECT: (no such relation) → DENY(grant)"
            ])
        let gone = live.differences(to: Self.matrix(Self.whole("public.new")))
        #expect(
            gone.map(\.description) == [
                "public.trips anon SELECT: DENY(grant) → (no such relation)",
                "public.trips authenticated SELECT: OWN → (no such relation)",
            ])
        #expect(!gone.contains { $0.isWidening })
    }

    @Test func `lifting a column limit is wider, and so is any grant`() {
        func cell(_ cell: AccessMatrix.Cell) -> AccessMatrix {
            Self.matrix(Self.whole("public.t", [("anon", .select, cell)]))
        }
        func isWider(_ before: AccessMatrix.Cell, _ after: AccessMatrix.Cell) -> Bool? {
            cell(before).differences(to: cell(after)).first?.isWidening
        }
        #expect(isWider(.init(.own, columns: ["a"]), .init(.own)) == true)
        #expect(isWider(.init(.own), .init(.own, columns: ["a"])) == false)
        #expect(isWider(.init(.deniedByGrant), .init(.deniedByPolicy)) == true)
        #expect(isWider(.init(.open), .init(.error("42501"))) == false)
        #expect(isWider(.init(.own), .init(.own)) == nil)
    }
}
